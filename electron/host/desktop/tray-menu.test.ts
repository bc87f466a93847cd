import { describe, expect, it } from 'vitest';
import type { Attention } from '#shared/model/attention.ts';
import { severityOf } from '#shared/model/severity.ts';
import { trayLookOf } from './tray-look.ts';
import { menuLabel, nextMorningMs, trayMenu } from './tray-menu.ts';

const nowMs = new Date(2026, 0, 5, 10, 0).getTime();
const attention: Attention = {
  sight: { kind: 'live', lastSeenAtMs: nowMs, cause: '' },
  firing: 2,
  worst: severityOf('critical'),
  pausedUntilMs: null,
  incidents: [
    { id: 7, title: 'R&D <b>down</b>\u202E', severity: severityOf('critical') },
    { id: 9, title: 'x'.repeat(300), severity: severityOf('warning') },
  ],
};

function menuOf(heard: Attention | null) {
  const did: unknown[] = [];
  const items = trayMenu(trayLookOf(heard, { state: 'running' }, nowMs), heard, nowMs, {
    open: () => did.push('open'),
    openIncident: (id) => did.push(id),
    pause: (untilMs) => did.push({ untilMs }),
    quit: () => did.push('quit'),
  });
  const click = (item: { click?: unknown } | undefined): void =>
    (item?.click as (() => void) | undefined)?.();
  return { items, did, click };
}

describe('the menu of the tray', () => {
  it('says the state, names the worst incidents as plain short text, and opens what is clicked', () => {
    const { items, did, click } = menuOf(attention);
    expect(items.map(({ label }) => label)).toEqual([
      '2 firing, the worst critical.',
      undefined,
      'Critical: R&&D <b>down</b>',
      `Warning: ${'x'.repeat(70)}…`,
      undefined,
      'Pause notifications',
      undefined,
      'Open OpsSight',
      'Quit OpsSight',
    ]);
    expect(items[0]?.enabled).toBe(false);
    for (const at of [2, 3, 7, 8]) click(items[at]);
    expect(did).toEqual([7, 9, 'open', 'quit']);
  });

  it('pauses for a while or until the morning, and resumes', () => {
    const { items, did, click } = menuOf(attention);
    const choices = items[5]?.submenu;
    if (!Array.isArray(choices)) throw new Error('the pause has no choices');
    choices.forEach(click);
    const until = did.map((each) => (each as { untilMs: number }).untilMs - Date.now());
    expect(Math.round((until[0] ?? 0) / 60_000)).toBe(30);
    expect(Math.round((until[1] ?? 0) / 60_000)).toBe(60);
    expect(until[2]).toBeGreaterThan(0);
    const resumed = menuOf({ ...attention, pausedUntilMs: nowMs + 1 });
    const resume = resumed.items.find(({ label }) => label === 'Resume notifications');
    resumed.click(resume);
    expect(resumed.did).toEqual([{ untilMs: null }]);
  });

  it('cannot pause where no core hears it', () => {
    expect(menuOf(null).items.find(({ label }) => label === 'Pause notifications')?.enabled).toBe(false);
  });

  it.each([
    ['before eight', new Date(2026, 0, 5, 7, 59), new Date(2026, 0, 5, 8)],
    ['at eight', new Date(2026, 0, 5, 8), new Date(2026, 0, 6, 8)],
    ['in the evening of the last day of a month', new Date(2026, 0, 31, 23), new Date(2026, 1, 1, 8)],
    ['the evening before the clocks change', new Date(2026, 2, 28, 22), new Date(2026, 2, 29, 8)],
  ])('the next morning: %s', (_when, from, to) => {
    expect(nextMorningMs(from.getTime())).toBe(to.getTime());
  });

  it('doubles every ampersand', () => {
    expect(menuLabel('a & b && c')).toBe('a && b &&&& c');
  });
});
