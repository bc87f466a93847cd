import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { queryInstant, queryRange, type QueryAnswer } from '../engine.ts';
import { anySource, anyVectorQuery, dataLength, dataStepMs, textOf } from '#support/promql-data.ts';

const isFull = process.env['OPSSIGHT_FULL'] === '1';
const runs = isFull ? 10_000 : 250;
const timeoutMs = isFull ? 120_000 : 15_000;

/** The samples of a range's answer at one of its steps, by series. */
function atStep(answer: QueryAnswer, timeMs: number): [string, number][] {
  if (answer.kind !== 'matrix') throw new Error(`a range answered a ${answer.kind}`);
  return answer.series.flatMap(({ labels, timesMs, values }): [string, number][] => {
    const index = timesMs.indexOf(timeMs);
    return index === -1 ? [] : [[textOf(labels), values[index] ?? 0]];
  });
}

function ofInstant(answer: QueryAnswer): [string, number][] {
  if (answer.kind !== 'vector') throw new Error(`an instant answered a ${answer.kind}`);
  return answer.samples
    .map(({ labels, value }): [string, number] => [textOf(labels), value])
    .sort(([left], [right]) => (left < right ? -1 : 1));
}

describe('a range query is its instants', () => {
  test.each(['v2', 'v3'] as const)(
    'each step answers as an instant query of that time, %s',
    (semantics) => {
      let compared = 0;
      fc.assert(
        fc.property(
          anySource,
          anyVectorQuery.filter((query) => !/(start|end)\(\)/.test(query)),
          fc.integer({ min: -2, max: dataLength }),
          fc.constantFrom(1_000, 15_000, 40_000),
          fc.boolean(),
          (source, query, first, stepMs, delayedNameRemoval) => {
            const options = { semantics, delayedNameRemoval };
            const startMs = first * dataStepMs;
            const range = { startMs, endMs: startMs + 4 * stepMs, stepMs };
            const whole = queryRange(source, query, range, options);
            // With `or` a series may lose its name at some steps only: then the first one decides for all.
            if (delayedNameRemoval && query.includes(' or ')) return;
            // An error of one step is the whole range's, and ranges refuse series of equal labels at other steps.
            if (!whole.ok) return;
            for (let timeMs = startMs; timeMs <= range.endMs; timeMs += stepMs) {
              const one = queryInstant(source, query, timeMs, options);
              if (!one.ok) throw new Error(`${query} at ${timeMs}: ${one.failure.message}`);
              const step = atStep(whole.value.value, timeMs).sort(([left], [right]) =>
                left < right ? -1 : 1,
              );
              expect(step).toEqual(ofInstant(one.value.value));
              compared += step.length;
            }
          },
        ),
        { numRuns: runs },
      );
      expect(compared).toBeGreaterThan(runs);
    },
    timeoutMs,
  );

  test(
    'an instant that fails makes every range over it fail',
    () => {
      fc.assert(
        fc.property(
          anySource,
          anyVectorQuery,
          fc.integer({ min: 0, max: dataLength }),
          (source, query, at) => {
            const atMs = at * dataStepMs;
            const one = queryInstant(source, query, atMs);
            if (one.ok || /(start|end)\(\)/.test(query)) return;
            const whole = queryRange(source, query, {
              startMs: atMs - 30_000,
              endMs: atMs + 30_000,
              stepMs: 15_000,
            });
            expect(whole.ok).toBe(false);
          },
        ),
        { numRuns: runs },
      );
    },
    timeoutMs,
  );
});
