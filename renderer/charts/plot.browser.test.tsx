import '../styles/tokens.css';
import '../styles/base.css';
import { createRoot } from 'react-dom/client';
import { afterEach, expect, it, vi } from 'vitest';
import { Cleanup } from '#support/cleanup.ts';
import { Plot } from './plot.tsx';

const cleanup = new Cleanup();
const width = 800;

afterEach(async () => {
  vi.restoreAllMocks();
  await cleanup.run();
});

/** Where the words of the threshold are written, in CSS pixels from the left of the plot. */
async function labelOf(values: readonly number[]): Promise<number> {
  const written = vi.spyOn(CanvasRenderingContext2D.prototype, 'fillText');
  document.documentElement.dataset['theme'] = 'dark';
  const place = document.body.appendChild(document.createElement('div'));
  place.style.width = `${width}px`;
  const root = createRoot(place);
  cleanup.add(() => {
    root.unmount();
    place.remove();
  });
  const times = values.map((_value, index) => index * 15_000);
  const model = {
    fromMs: 0,
    toMs: times.at(-1) ?? 0,
    stepMs: 15_000,
    series: [{ labels: {}, timesMs: Float64Array.from(times), values: Float64Array.from(values) }],
    isOrdered: false,
    level: 'critical',
    threshold: { operator: '>', value: 1 },
    firing: null,
    unseenFromMs: null,
    cached: false,
    blind: false,
  } as const;
  root.render(<Plot model={model} height={200} label="A plot" onCursor={() => undefined} />);
  return vi.waitFor(() => {
    const call = written.mock.calls.find(([text]) => text === 'threshold > 1');
    if (call === undefined) throw new Error('nothing is written yet');
    return call[1] / devicePixelRatio;
  });
}

it('the label of a threshold stands at the left where nothing is in its way', async () => {
  expect(await labelOf(Array.from({ length: 40 }, () => 0.2))).toBeLessThan(100);
});

it('it gives way to a line that begins where it would stand', async () => {
  const falling = Array.from({ length: 40 }, (_none, index) => (index < 20 ? 1.1 : 0.2));
  expect(await labelOf(falling)).toBeGreaterThan(width / 2);
});
