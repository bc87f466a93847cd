import { beforeEach, expect, test } from 'vitest';
import type { Notice } from '#shared/model/console.ts';
import { intervalsOf } from '#shared/notify/daily-times.ts';
import { defaultPolicy } from '#shared/notify/model.ts';
import { ToldNotices } from './told-notices.ts';

const always = intervalsOf({ from: 0, to: 24 * 60, weekdays: null, zone: 'UTC' });
const quiet = { ...defaultPolicy, quietHours: [{ severities: ['info' as const], times: always }] };

let told: string[];
let takenBack: string[];
let isQuiet: boolean;

beforeEach(() => {
  told = [];
  takenBack = [];
  isQuiet = false;
});

function notice(id: string, atMs = 1): Notice {
  return { id, severity: 'info', message: `${id} ends. Two would come back.`, nextStep: 'Extend it.', atMs };
}

function notices(there: readonly Notice[] = []): ToldNotices {
  return new ToldNotices(
    {
      isTold: ({ id }) => id.startsWith('silence'),
      policy: () => (isQuiet ? quiet : defaultPolicy),
      nowMs: () => 1_000,
      announce: ({ title, body, sound, urgency }) => told.push([title, body, sound, urgency].join(' | ')),
      takeBack: (id) => takenBack.push(id),
    },
    there,
  );
}

test('a notice is told once, softly, and taken back with it', () => {
  const followed = notices();
  followed.follow([notice('silence'), notice('disk')]);
  followed.follow([notice('silence'), notice('disk')]);
  expect(told).toEqual(['silence ends | Two would come back. Extend it. | none | low']);
  followed.follow([notice('disk')]);
  expect(takenBack).toEqual(['notice silence 1']);
});

test('one that comes up again is told again, and one of before the start is not', () => {
  const followed = notices([notice('silence', 1)]);
  followed.follow([notice('silence', 1)]);
  expect(told).toEqual([]);
  followed.follow([notice('silence', 2)]);
  expect(told).toHaveLength(1);
  expect(takenBack).toEqual(['notice silence 1']);
});

test('what comes up in quiet hours stays in the window', () => {
  const followed = notices();
  isQuiet = true;
  followed.follow([notice('silence')]);
  isQuiet = false;
  followed.follow([notice('silence')]);
  expect(told).toEqual([]);
});
