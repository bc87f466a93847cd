import { expect, test } from 'vitest';
import { notificationSounds } from '#shared/notify/model.ts';
import { createSounds } from './sounds.ts';

/** As much of an audio context as is used; it remembers what was started. */
function contextDouble(state: AudioContextState = 'running') {
  const started: number[] = [];
  const parameter = { setValueAtTime: () => undefined, linearRampToValueAtTime: () => undefined, value: 0 };
  const context = {
    state,
    currentTime: 10,
    destination: {},
    resumed: 0,
    resume: async () => void context.resumed++,
    createGain: () => ({ gain: parameter, connect: () => undefined }),
    createOscillator: () => ({
      type: '',
      frequency: parameter,
      connect: () => undefined,
      start: (atS: number) => started.push(atS),
      stop: () => undefined,
    }),
  };
  return { context, started, create: () => context as unknown as AudioContext };
}

test('each sound but none is heard, and a louder one has more to hear', () => {
  const heard = notificationSounds.map((sound) => {
    const { started, create } = contextDouble();
    return [createSounds(() => true, create)(sound), started.length] as const;
  });
  expect(heard.map(([isHeard]) => isHeard)).toEqual([false, true, true, true]);
  const tones = heard.map(([, count]) => count);
  expect(tones).toEqual(tones.toSorted((left, right) => left - right));
});

test('nothing is tried before the page was touched, and a context that waits is resumed', () => {
  const { context, started, create } = contextDouble('suspended');
  let isTouched = false;
  const play = createSounds(() => isTouched, create);
  expect(play('alarm')).toBe(false);
  isTouched = true;
  expect(play('alarm')).toBe(true);
  expect(context.resumed).toBe(1);
  expect(started.length).toBeGreaterThan(0);
});

test('a machine that cannot be heard is no failure', () => {
  const play = createSounds(
    () => true,
    () => {
      throw new Error('no device');
    },
  );
  expect(play('siren')).toBe(false);
});
