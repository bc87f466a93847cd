import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { SourceFailure } from '#shared/failure.ts';
import type { Chart, Series } from '#shared/model/series.ts';
import { failed, success } from '#shared/result.ts';
import { EvidenceKeeper, type EvidenceSubject, type KeepSamples } from './evidence-keeper.ts';
import type { MetricSource } from './metric-source.ts';

const refused: SourceFailure = {
  code: 'refused',
  message: 'connection refused',
  nextStep: 'Start it.',
  retryAfterMs: null,
  status: null,
};
const startMs = Date.parse('2026-11-21T03:07:56Z');
const hourMs = 3_600_000;
const subject: EvidenceSubject = {
  incidentId: 1,
  expression: 'rate(errors[5m]) > 0.1',
  generatorUrl: 'http://prometheus:9090/graph?g0.expr=x',
  startsAtMs: startMs,
};

let drawings: Chart[];
let samples: Parameters<KeepSamples>[0][];
let captured: string[];
let answer: readonly Series[] | SourceFailure;
let open: EvidenceSubject[];
let fresh: boolean;
let questions: number;
let keeper: EvidenceKeeper;

beforeEach(() => {
  vi.useFakeTimers({ now: startMs });
  drawings = [];
  samples = [];
  captured = [];
  open = [subject];
  fresh = true;
  questions = 0;
  answer = [{ labels: {}, timesMs: Float64Array.of(startMs - 60_000), values: Float64Array.of(1) }];
  const answered = async () => {
    questions++;
    return 'code' in answer ? failed(answer) : success(answer);
  };
  const source: MetricSource = {
    name: 'prometheus',
    url: 'http://prometheus:9090',
    isFresh: () => fresh,
    queryRange: answered,
  };
  keeper = new EvidenceKeeper({
    store: {
      putDrawing: async (_incidentId, chart) => {
        drawings.push(chart);
        return success(undefined);
      },
    },
    keepSamples: async (request) => {
      questions++;
      if ('code' in answer) return failed(answer.message);
      samples.push(request);
      return success({ toMs: request.toMs, series: answer.length });
    },
    sources: () => [source],
    nowMs: Date.now,
    subjects: () => open,
    onCaptured: (incidentId, series, from) => captured.push(`${incidentId}: ${series} from ${from}`),
  });
});

afterEach(() => {
  keeper.stop();
  vi.useRealTimers();
});

test('a new incident is captured at once and again before its first regular turn, and told once', async () => {
  keeper.captureNew([subject]);
  await vi.advanceTimersByTimeAsync(0);
  expect(drawings).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(31_000);
  expect(drawings).toHaveLength(4);
  expect(captured).toEqual(['1: 1 from prometheus']);
});

test('raw samples are fetched over the reach of their selector, then only what is new with an overlap', async () => {
  keeper.capture([subject]);
  await vi.advanceTimersByTimeAsync(0);
  const fromMs = startMs - hourMs - 300_000;
  expect(samples[0]).toMatchObject({ selector: 'errors', fromMs, toMs: startMs, incidentId: 1 });
  await vi.advanceTimersByTimeAsync(120_000);
  keeper.capture([subject]);
  await vi.advanceTimersByTimeAsync(0);
  expect(samples.at(-1)).toMatchObject({ fromMs: startMs - 60_000, toMs: startMs + 120_000 });
});

test.each<[string, () => readonly Series[] | SourceFailure]>([
  ['fails', () => refused],
  ['comes back without its samples', () => []],
])('a server that %s takes nothing away from what is kept', async (_how, next) => {
  keeper.capture([subject]);
  await vi.advanceTimersByTimeAsync(0);
  answer = next();
  keeper.capture([subject]);
  await vi.advanceTimersByTimeAsync(0);
  expect(drawings).toHaveLength(1);
});

test('open incidents are refreshed each minute, ended ones are not, and nothing is after the end', async () => {
  keeper.start();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(drawings).toHaveLength(1);
  open = [];
  await vi.advanceTimersByTimeAsync(60_000);
  expect(drawings).toHaveLength(1);
  keeper.captureNew([subject]);
  keeper.stop();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(drawings.length).toBeLessThanOrEqual(2);
});

/** More than one round refreshes: the last of them is not urgent. */
function storm(): EvidenceSubject[] {
  return Array.from({ length: 60 }, (_none, index) => ({ ...subject, incidentId: index + 1 }));
}

test('what was not captured while the source was away is once it is back, also of what is not urgent', async () => {
  open = storm();
  fresh = false;
  keeper.start();
  keeper.captureNew(open);
  await vi.advanceTimersByTimeAsync(10 * 60_000);
  expect(questions).toBe(0);
  fresh = true;
  keeper.sourceReturned('prometheus');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(captured).toHaveLength(60);
  const drawnOfLast = drawings.length;
  keeper.sourceReturned('loki');
  keeper.sourceReturned('prometheus');
  await vi.advanceTimersByTimeAsync(0);
  expect(drawings).toHaveLength(drawnOfLast);
});

test('an incident that is not urgent and that nobody can draw is given up', async () => {
  answer = refused;
  open = storm();
  keeper.start();
  await vi.advanceTimersByTimeAsync(10 * 60_000);
  const before = questions;
  await vi.advanceTimersByTimeAsync(10 * 60_000);
  expect(questions - before).toBe(10 * 50);
});
