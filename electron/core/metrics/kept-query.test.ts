import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Window } from '#core/store/cache/samples/windows.ts';
import { MemorySource } from '#shared/promql/model/memory-source.ts';
import type { LabelMatcher } from '#shared/promql/syntax/ast.ts';
import { answerKept, firstGap, type CoveredSamples, type KeptAnswer } from './kept-query.ts';

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
