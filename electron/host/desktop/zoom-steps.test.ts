import { describe, expect, it } from 'vitest';
import { zoomed, zoomStepOf, type KeyInput } from './zoom-steps.ts';

const press: KeyInput = { type: 'keyDown', key: '+', control: true, meta: false, alt: false };

describe('zoom', () => {
  it('goes up to three and down to a half, in the same steps, and back to one', () => {
    const up = [1];
    for (let step = 0; step < 20; step++) up.push(zoomed(up.at(-1) ?? 1, 'in'));
    expect(up.slice(0, 8)).toEqual([1, 1.1, 1.25, 1.5, 1.75, 2, 2.5, 3]);
    expect(Math.max(...up)).toBe(3);
    let factor = 3;
    const down = [];
    for (let step = 0; step < 20; step++) down.push((factor = zoomed(factor, 'out')));
    expect(Math.min(...down)).toBe(0.5);
    expect(zoomed(2.5, 'reset')).toBe(1);
  });

  it.each([0.1, 17, Number.NaN, -1])('brings %d back within its bounds', (factor) => {
    for (const step of ['in', 'out', 'reset'] as const) {
      const next = zoomed(factor, step);
      expect(next >= 0.5 && next <= 3).toBe(true);
    }
  });

  it.each([
    ['plus', press, false, 'in'],
    ['plus without Shift', { ...press, key: '=' }, false, 'in'],
    ['minus', { ...press, key: '-' }, false, 'out'],
    ['zero', { ...press, key: '0' }, false, 'reset'],
    ['Command on a Mac', { ...press, control: false, meta: true }, true, 'in'],
    ['Control on a Mac', press, true, undefined],
    ['without Control', { ...press, control: false }, false, undefined],
    ['with Alt, as AltGr is', { ...press, alt: true }, false, undefined],
    ['when let go', { ...press, type: 'keyUp' }, false, undefined],
    ['another key', { ...press, key: 'k' }, false, undefined],
  ])('%s', (_what, input, isMac, step) => {
    expect(zoomStepOf(input, isMac)).toBe(step);
  });
});
