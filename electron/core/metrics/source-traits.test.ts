import { expect, test } from 'vitest';
import type { SourceFailure } from '#shared/failure.ts';
import { failed, success, type Result } from '#shared/result.ts';
import { minuteMs } from '#shared/time.ts';
import { SourceTraits, type EvaluationFacts, type LearningSource } from './source-traits.ts';

/** How a server evaluates, as it told itself: while it answers, and after. */

const signal = new AbortController().signal;
const silent: SourceFailure = {
  code: 'timeout',
  message: 'no answer',
  nextStep: '',
  retryAfterMs: null,
  status: null,
};

class World {
  readonly texts = new Map<string, string>();
  nowMs = 0;
  asked = 0;
  answer: Result<EvaluationFacts, SourceFailure> = told('2.42.0');
  isFresh = true;
  traits = this.begin();

  /** As a core that has just been started. */
  begin(): SourceTraits {
    const keepsake = {
      putText: async (name: string, text: string) => this.texts.set(name, text),
      text: async (name: string) => this.texts.get(name) ?? null,
    };
    return new SourceTraits(keepsake, () => this.nowMs);
  }

  learn(): Promise<void> {
    const source: LearningSource = {
      name: 'p',
      isFresh: () => this.isFresh,
      facts: async () => {
        this.asked += 1;
        return this.answer;
      },
    };
    return this.traits.learn([source], signal);
  }
}

function told(version: string): Result<EvaluationFacts, SourceFailure> {
  return success({ version, lookbackMs: 120_000, evaluationIntervalMs: 15_000 });
}

const standard = { semantics: 'v3', lookbackMs: 300_000, subqueryStepMs: 60_000 };

test.each([
  ['0.9.0', 'v2'],
  ['2.55.1', 'v2'],
  ['3.0.0', 'v3'],
  ['20.1.0', 'v3'],
  ['', 'v3'],
])('version %j evaluates as %s', async (version, semantics) => {
  const world = new World();
  world.answer = told(version);
  await world.learn();
  expect(await world.traits.of('p')).toEqual({ semantics, lookbackMs: 120_000, subqueryStepMs: 15_000 });
});

test('what was told outlives the server and the core', async () => {
  const world = new World();
  await world.learn();
  world.traits = world.begin();
  world.isFresh = false;
  await world.learn();
  expect(world.asked).toBe(1);
  expect(world.traits.known('p')).toEqual(standard);
  expect((await world.traits.of('p')).semantics).toBe('v2');
  expect(world.traits.known('p').semantics).toBe('v2');
});

test('who never told is taken for a Prometheus 3 as it is by default, and so is what cannot be read', async () => {
  const world = new World();
  world.answer = failed(silent);
  await world.learn();
  expect(await world.traits.of('p')).toEqual(standard);
  world.texts.set('query-traits/p', '{"semantics":"v2","lookbackMs":0}');
  expect(await world.traits.of('p')).toEqual(standard);
});

test('it is asked seldom, sooner where it did not answer, and at once where it may be another', async () => {
  const world = new World();
  await world.learn();
  world.nowMs += 9 * minuteMs;
  await world.learn();
  expect(world.asked).toBe(1);
  world.nowMs += minuteMs;
  world.answer = failed(silent);
  await world.learn();
  await world.learn();
  expect(world.asked).toBe(2);
  world.nowMs += minuteMs;
  await world.learn();
  expect(world.asked).toBe(3);
  world.answer = told('3.5.0');
  world.traits.doubt();
  await world.learn();
  expect((await world.traits.of('p')).semantics).toBe('v3');
});
