import { expect, it } from 'vitest';
import { commandFailure } from '#shared/failure.ts';
import { failed, success } from '#shared/result.ts';
import { silencePreview } from '#support/silence-models.ts';
import { createSilencesStore } from '../stores/silences.ts';
import type { LinkedCore } from './core-calls.ts';
import { requestPreview } from './silence-feed.ts';

/** What a silence would hide, asked while it is typed: an answer never belongs to another question. */

const question = (value: string) => ({
  matchers: [{ name: 'service', value, isRegex: false, isEqual: true }],
  cluster: 'am',
  lastsMs: 0,
  incidentIds: [],
});

function open() {
  const answers: ((value: unknown) => void)[] = [];
  const core = { call: () => new Promise((resolve) => answers.push(resolve)) };
  const store = createSilencesStore();
  const ask = (value: string) =>
    requestPreview(store, core as unknown as Pick<LinkedCore, 'call'>, question(value), () => 5);
  return { store, ask, answers, preview: () => store.getState().preview };
}

it('the answer comes with what it is about, and stays while the next is awaited', async () => {
  const { ask, answers, preview } = open();
  ask('one');
  expect(preview()).toMatchObject({ answer: null, askedAtMs: 5 });
  answers[0]?.(success(silencePreview()));
  await expect.poll(preview).toMatchObject({ askedAtMs: null, answeredMatchers: [{ value: 'one' }] });
  ask('two');
  expect(preview()).toMatchObject({
    answer: silencePreview(),
    askedAtMs: 5,
    answeredMatchers: [{ value: 'one' }],
  });
});

it('a question that was given up changes nothing', async () => {
  const { ask, answers, preview } = open();
  ask('one')();
  ask('two');
  answers[1]?.(success(silencePreview()));
  answers[0]?.(failed(commandFailure('internal', 'late', 'Wait.')));
  await expect.poll(preview).toMatchObject({ failure: null, answeredMatchers: [{ value: 'two' }] });
});

it('a failure is said beside the last answer, until there is another', async () => {
  const { ask, answers, preview } = open();
  ask('one');
  answers[0]?.(success(silencePreview()));
  await expect.poll(preview).toMatchObject({ askedAtMs: null });
  ask('two');
  answers[1]?.(failed(commandFailure('unavailable', 'no core', 'Wait.')));
  await expect.poll(preview).toMatchObject({ failure: { message: 'no core' }, answer: silencePreview() });
});
