import { expect, test } from 'vitest';
import { sourceHealth } from '#support/models.ts';
import { lossOf } from './lost-sight.ts';

const fresh = sourceHealth({ name: 'p', tellsAlerts: true });
const stale = { ...fresh, state: 'stale' } as const;

test('what a source of alerts told is out of sight when it goes stale, once', () => {
  expect(lossOf(stale, fresh, false)).toBe('p: it does not answer');
  expect(lossOf(stale, stale, false)).toBeNull();
  expect(lossOf({ ...fresh, state: 'late' }, fresh, false)).toBeNull();
});

test('one that tells no alerts loses nothing, unless local rules are asked of it', () => {
  const metrics = { ...fresh, tellsAlerts: false };
  const gone = { ...stale, tellsAlerts: false };
  expect(lossOf(gone, metrics, false)).toBeNull();
  expect(lossOf(gone, metrics, true)).toBe('p: it does not answer');
});

test('one that answers and tells no alerts any more has lost those that it told', () => {
  expect(lossOf({ ...fresh, tellsAlerts: false }, fresh, false)).toBe('p: it tells no alerts any more');
});
