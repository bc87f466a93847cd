import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Window } from '#core/store/cache/samples/windows.ts';
import { MemorySource } from '#shared/promql/model/memory-source.ts';
import type { LabelMatcher } from '#shared/promql/syntax/ast.ts';
import { firstGap, type CoveredSamples } from './kept-coverage.ts';
import { answerKept, type KeptAnswer } from './kept-query.ts';

const minuteMs = 60_000;
const atMs = 60 * minuteMs;

/** `up` of two targets, a sample a minute, kept over the windows given, and everything else over all time. */
function samplesOver(...windows: readonly Window[]): CoveredSamples {
  const source = new MemorySource();
  for (const job of ['a', 'b']) {
    const series = source.series(source.labels.ofLabels({ __name__: 'up', job }));
    for (let timeMs = 0; timeMs <= atMs; timeMs += minuteMs) series.append(timeMs, timeMs / minuteMs);
  }
  const isOfUp = ({ name, value }: LabelMatcher): boolean => name === '__name__' && value === 'up';
  return {
    labels: source.labels,
    select: (...asked) => source.select(...asked),
    hasBands: () => false,
    covered: (matchers, fromMs, toMs) =>
      matchers.some(isOfUp) ? windows : [{ fromMs, toMs, fetchedAtMs: 99 * minuteMs }],
  };
}

function ask(samples: CoveredSamples, query: string, explain = false): KeptAnswer {
  const traits = { semantics: 'v3', lookbackMs: 5 * minuteMs, subqueryStepMs: minuteMs } as const;
  const times = { fromMs: atMs, toMs: atMs, stepMs: 0 };
  const limits = { deadlineMs: Infinity, nowMs: () => 0, isCancelled: () => false };
  return answerKept(samples, { source: 'p', query, times, traits, explain }, limits);
}

const whole: Window = { fromMs: 0, toMs: atMs, fetchedAtMs: 61 * minuteMs };
const untilEarlier: Window = { ...whole, toMs: atMs - minuteMs };

describe('a query over kept samples', () => {
  it('is answered where all that it needs is kept, as old as the oldest of it', () => {
    expect(ask(samplesOver(whole), 'sum(up) + count(other or up)')).toMatchObject({
      kind: 'answered',
      result: { kind: 'vector', series: [{ labels: {} }] },
      fetchedAtMs: 61 * minuteMs,
    });
  });

  it.each(['absent(up)', 'other unless up', 'up or vector(0)', 'count(up) == 0', 'sum(up)', 'up{job="c"}'])(
    'is unknown where something may be missing, however it would come out without: %s',
    (query) => {
      expect(ask(samplesOver(untilEarlier), query)).toEqual({
        kind: 'uncovered',
        missing: [
          {
            selector: query.includes('job') ? 'up{job="c"}' : 'up',
            fromMs: atMs - 5 * minuteMs + 1,
            toMs: atMs,
            missingFromMs: atMs - minuteMs + 1,
            missingToMs: atMs,
            isSummarised: false,
          },
        ],
      });
    },
  );

  it('says of what is no query, or not supported, just that', () => {
    const refused = (query: string): unknown => ask(samplesOver(whole), query);
    expect(refused('sum(')).toMatchObject({ kind: 'refused', problem: { kind: 'bad-data' } });
    expect(refused('up[0s]')).toMatchObject({ kind: 'refused' });
    expect(refused('start_timestamp(up)')).toMatchObject({
      kind: 'refused',
      problem: { kind: 'not-supported' },
    });
  });

  it('is read as the server of that generation reads it', () => {
    const kindIn = (semantics: 'v2' | 'v3', query: string): string => {
      const traits = { semantics, lookbackMs: 5 * minuteMs, subqueryStepMs: minuteMs };
      const times = { fromMs: atMs, toMs: atMs, stepMs: 0 };
      const limits = { deadlineMs: Infinity, nowMs: () => 0, isCancelled: () => false };
      return answerKept(samplesOver(whole), { source: 'p', query, times, traits, explain: false }, limits)
        .kind;
    };
    expect(kindIn('v2', 'holt_winters(up[5m], 0.5, 0.5)')).toBe('answered');
    expect(kindIn('v3', 'holt_winters(up[5m], 0.5, 0.5)')).toBe('refused');
  });

  it('tells what its parts come to where that is asked', () => {
    const answer = ask(samplesOver(whole), 'sum(up) > 100', true);
    expect(answer).toMatchObject({
      kind: 'answered',
      root: {
        text: 'sum(up) > 100',
        seriesCount: 1,
        parts: [{ text: 'sum(up)', parts: [{ text: 'up', seriesCount: 2 }] }, { text: '100' }],
      },
    });
  });
});

/** Over a range of an hour in steps of a minute; samples outside of the windows are not there. */
function askRange(query: string, windows: readonly Window[]): Extract<KeptAnswer, { kind: 'answered' }> {
  const isKept = (timeMs: number): boolean =>
    windows.some(({ fromMs, toMs }) => timeMs >= fromMs && timeMs <= toMs);
  const source = new MemorySource();
  for (const job of ['a', 'b']) {
    const series = source.series(source.labels.ofLabels({ __name__: 'up', job }));
    for (let timeMs = 0; timeMs <= 2 * atMs; timeMs += 20_000)
      if (isKept(timeMs) && !(job === 'b' && timeMs % 600_000 < 400_000))
        series.append(timeMs, (timeMs / 20_000) % 50);
  }
  const samples: CoveredSamples = {
    labels: source.labels,
    select: (...asked) => source.select(...asked),
    hasBands: () => false,
    covered: (_matchers, fromMs, toMs) =>
      windows
        .filter((window) => window.toMs >= fromMs && window.fromMs <= toMs)
        .map((window) => ({
          ...window,
          fromMs: Math.max(window.fromMs, fromMs),
          toMs: Math.min(window.toMs, toMs),
        })),
  };
  const traits = { semantics: 'v3', lookbackMs: 5 * minuteMs, subqueryStepMs: minuteMs } as const;
  const times = { fromMs: atMs, toMs: 2 * atMs, stepMs: minuteMs };
  const limits = { deadlineMs: Infinity, nowMs: () => 0, isCancelled: () => false };
  const question = { source: 'p', query, times, traits, explain: false, mayBePart: true };
  const answer = answerKept(samples, question, limits);
  if (answer.kind === 'answered') return answer;
  if (answer.kind === 'refused') throw new Error(answer.problem.message);
  return {
    kind: 'answered',
    result: { kind: 'matrix', series: [] },
    warnings: [],
    infos: [],
    fetchedAtMs: null,
    root: null,
    part: { runs: [], missing: answer.missing },
  };
}

/** By series, the value at each moment. */
function pointsOf({ result }: Extract<KeptAnswer, { kind: 'answered' }>): Map<string, number> {
  if (result.kind !== 'matrix') throw new Error(`a ${result.kind}`);
  return new Map(
    result.series.flatMap(({ labels, timesMs, values }) =>
      Array.from(timesMs, (timeMs, index): [string, number] => [
        `${JSON.stringify(labels)} ${timeMs}`,
        values[index] ?? 0,
      ]),
    ),
  );
}

describe('a part of a range', () => {
  const queries = [
    'up',
    'rate(up[7m])',
    'sum by (job) (up offset 3m) - on (job) up',
    'absent(up{job="b"})',
    'up or vector(0)',
    'up unless up offset 9m',
    'count(up) == 1 or topk(1, up)',
    'max_over_time(rate(up[2m])[6m:90s])',
    'up + on (job) up @ end()',
    'up @ start()',
    'time()',
  ];
  const ofEverything = queries.map((query) => pointsOf(askRange(query, [{ ...whole, toMs: 2 * atMs }])));

  it('has what the whole has at these steps, and nothing at the others', () => {
    const place = fc.integer({ min: 0, max: 2 * atMs });
    fc.assert(
      fc.property(fc.uniqueArray(place, { maxLength: 6 }), (cuts) => {
        const ends = [...cuts.toSorted((left, right) => left - right), 2 * atMs];
        const windows = ends.flatMap((toMs, index) =>
          index % 2 === 0 ? [{ fromMs: (ends[index - 1] ?? -1) + 1, toMs, fetchedAtMs: 1 }] : [],
        );
        for (const [index, query] of queries.entries()) {
          const answer = askRange(query, windows);
          const isKnown = (key: string): boolean => {
            const timeMs = Number(key.slice(key.lastIndexOf(' ')));
            if (answer.part === null) return true;
            return answer.part.runs.some(({ firstMs, lastMs }) => firstMs <= timeMs && timeMs <= lastMs);
          };
          const expected = [...(ofEverything[index] ?? [])].filter(([key]) => isKnown(key));
          expect(pointsOf(answer)).toEqual(new Map(expected));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('ends where its server did, and says what is missing', () => {
    const answer = askRange('rate(up[7m])', [{ ...whole, toMs: atMs + 30 * minuteMs }]);
    expect(answer.part).toEqual({
      runs: [{ firstMs: atMs, lastMs: atMs + 30 * minuteMs }],
      missing: [
        {
          selector: 'up',
          fromMs: atMs - 7 * minuteMs + 1,
          toMs: 2 * atMs,
          missingFromMs: atMs + 30 * minuteMs + 1,
          missingToMs: 2 * atMs,
          isSummarised: false,
        },
      ],
    });
    expect(askRange('up @ end()', [{ ...whole, toMs: atMs + 30 * minuteMs }]).part?.runs).toEqual([]);
  });
});

it('ends while it looks for what is covered, once nobody waits or for too long', () => {
  const traits = { semantics: 'v3', lookbackMs: 5 * minuteMs, subqueryStepMs: minuteMs } as const;
  const times = { fromMs: 0, toMs: 2 * atMs, stepMs: 1_000 };
  const question = { source: 'p', query: 'up', times, traits, explain: false, mayBePart: true };
  const patient = { deadlineMs: 10, nowMs: () => 0, isCancelled: () => false };
  const kindOf = (limits: typeof patient): string => {
    const answer = answerKept(samplesOver(untilEarlier), question, limits);
    return answer.kind === 'refused' ? answer.problem.kind : answer.kind;
  };
  expect(kindOf(patient)).toBe('answered');
  expect(kindOf({ ...patient, nowMs: () => 11 })).toBe('timeout');
  expect(kindOf({ ...patient, isCancelled: () => true })).toBe('cancelled');
});

describe('the first gap', () => {
  it('is the first moment that no window holds, up to the next one', () => {
    const place = fc.integer({ min: 0, max: 30 });
    fc.assert(
      fc.property(fc.uniqueArray(place, { maxLength: 20 }), place, place, (held, left, right) => {
        const [fromMs, toMs] = [Math.min(left, right), Math.max(left, right)];
        const windows = held
          .toSorted((one, other) => one - other)
          .map((moment) => ({ fromMs: moment, toMs: moment }));
        const asked = Array.from({ length: toMs - fromMs + 1 }, (_, index) => fromMs + index);
        const missing = asked.filter((moment) => !held.includes(moment));
        const [first] = missing;
        let last = first ?? 0;
        while (missing.includes(last + 1)) last += 1;
        const gap = first === undefined ? null : { missingFromMs: first, missingToMs: last };
        expect(firstGap(windows, fromMs, toMs)).toEqual(gap);
      }),
    );
  });
});
