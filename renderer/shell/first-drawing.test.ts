import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { consoleStatus } from '#support/models.ts';
import { createLiveStore } from '../stores/live.ts';
import { onceWorthDrawing } from './first-drawing.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function waiting() {
  const live = createLiveStore();
  const draw = vi.fn();
  onceWorthDrawing(live, draw);
  return { live, draw };
}

it('a window is drawn once, when all that the inbox is made of is there', () => {
  const { live, draw } = waiting();
  live.setState({ link: { kind: 'open' } });
  live.setState({ console: consoleStatus(), incidents: [] });
  expect(draw).not.toHaveBeenCalled();
  live.setState({ sources: [] });
  live.setState({ sources: [] });
  vi.advanceTimersByTime(10_000);
  expect(draw).toHaveBeenCalledTimes(1);
});

it.each([{ kind: 'refused' }, { kind: 'lost', sinceMs: 0, reason: '', nextTryAtMs: null }] as const)(
  'a link that is $kind is worth drawing too',
  (link) => {
    const { live, draw } = waiting();
    live.setState({ link });
    expect(draw).toHaveBeenCalledTimes(1);
  },
);

it('nothing to say for a while: drawn empty rather than not at all', () => {
  const { draw } = waiting();
  vi.advanceTimersByTime(100);
  expect(draw).not.toHaveBeenCalled();
  vi.advanceTimersByTime(100);
  expect(draw).toHaveBeenCalledTimes(1);
});
