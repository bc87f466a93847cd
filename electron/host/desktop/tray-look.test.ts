import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Attention } from '#shared/model/attention.ts';
import { severityOf } from '#shared/model/severity.ts';
import { pauseOf, trayLookOf, type TrayLook } from './tray-look.ts';

const nowMs = new Date(2026, 0, 5, 10, 0).getTime();
const hourMs = 3_600_000;

type Said = Partial<Omit<Attention, 'sight'>> & { kind?: Attention['sight']['kind']; cause?: string };

function said({ kind = 'live', cause = '', ...rest }: Said): Attention {
  const sight = { kind, lastSeenAtMs: nowMs, cause };
  return { sight, firing: 0, worst: null, pausedUntilMs: null, incidents: [], ...rest };
}

const critical = severityOf('critical');
const warning = severityOf('warning');
const info = severityOf('whatever');
const paused = { pausedUntilMs: nowMs + hourMs };

type Row = readonly [
  what: string,
  attention: Attention | null,
  state: CoreStateName,
  look: Partial<TrayLook>,
];
type CoreStateName = 'starting' | 'running' | 'restarting' | 'stopped';

const table: readonly Row[] = [
  [
    'well',
    said({}),
    'running',
    { shape: 'well', mark: 'none', count: '', line: 'Watched, and nothing fires.' },
  ],
  [
    'one critical',
    said({ firing: 1, worst: critical }),
    'running',
    { shape: 'critical', count: '1', line: '1 firing, critical.' },
  ],
  [
    'many, the worst a warning',
    said({ firing: 12, worst: warning }),
    'running',
    { shape: 'warning', count: '12', line: '12 firing, the worst warning.' },
  ],
  ['an unknown severity', said({ firing: 2, worst: info }), 'running', { shape: 'info', count: '2' }],
  ['more than fit', said({ firing: 5000, worst: critical }), 'running', { count: '99+', firing: 5000 }],
  [
    'blind',
    said({ kind: 'blind', cause: 'prod does not answer' }),
    'running',
    { shape: 'blind', line: 'Blind: prod does not answer.' },
  ],
  [
    'blind, and it fired',
    said({ kind: 'blind', cause: 'x', firing: 3, worst: critical }),
    'running',
    { shape: 'critical', mark: 'unseen', line: '3 fired when last seen, the worst critical. Blind: x.' },
  ],
  [
    'partly seen',
    said({ kind: 'partial', cause: 'b is stale.' }),
    'running',
    { shape: 'blind', line: 'Not all is seen: b is stale.' },
  ],
  [
    'partly seen, and it fires',
    said({ kind: 'partial', firing: 1, worst: info }),
    'running',
    { shape: 'info', mark: 'unseen' },
  ],
  [
    'rules only',
    said({ kind: 'rules-only' }),
    'running',
    { shape: 'blind', line: 'Only local rules watch.' },
  ],
  ['unwatched', said({ kind: 'unwatched' }), 'running', { shape: 'blind' }],
  ['no source answered yet', said({ kind: 'starting' }), 'running', { shape: 'starting' }],
  [
    'paused',
    said(paused),
    'running',
    { shape: 'paused', line: 'Nothing fires. Notifications are paused until 11:00.' },
  ],
  [
    'paused, and it fires',
    said({ ...paused, firing: 1, worst: critical }),
    'running',
    { shape: 'critical', mark: 'paused' },
  ],
  ['paused and blind', said({ ...paused, kind: 'blind' }), 'running', { shape: 'blind' }],
  [
    'paused, blind, and it fired',
    said({ ...paused, kind: 'blind', firing: 1, worst: critical }),
    'running',
    { shape: 'critical', mark: 'unseen' },
  ],
  ['a pause that is over', said({ pausedUntilMs: nowMs }), 'running', { shape: 'well' }],
  ['nothing said yet', null, 'running', { shape: 'starting' }],
  [
    'the core starts',
    null,
    'starting',
    { shape: 'starting', line: 'The core starts. Nothing is watched yet.' },
  ],
  [
    'the core is started again',
    said({ firing: 2, worst: critical }),
    'restarting',
    {
      shape: 'starting',
      count: '',
      firing: 2,
      line: 'The core is started again. Nothing is watched yet. 2 fired when it was last heard.',
    },
  ],
  [
    'no core, and all was well',
    said({}),
    'stopped',
    { shape: 'stopped', line: 'Nothing is watched: the core does not run.' },
  ],
  ['no core, and it fired', said({ firing: 1, worst: info }), 'stopped', { shape: 'stopped', firing: 1 }],
];

describe('what the tray shows', () => {
  it.each(table)('%s', (_what, attention, state, look) => {
    expect(trayLookOf(attention, { state }, nowMs)).toMatchObject(look);
  });

  it('never looks well unless the core runs, sees all and has nothing firing; and is one plain line', () => {
    const attention = fc.record({
      sight: fc.record({
        kind: fc.constantFrom('starting', 'live', 'partial', 'blind', 'rules-only', 'unwatched'),
        lastSeenAtMs: fc.constant(nowMs),
        cause: fc.oneof(fc.string({ maxLength: 300 }), fc.constant('\u202Egpj\n\u0007')),
      }),
      firing: fc.nat(20_000),
      worst: fc.constantFrom(critical, warning, info),
      pausedUntilMs: fc.option(fc.integer({ min: nowMs - hourMs, max: nowMs + hourMs })),
      incidents: fc.constant([]),
    }) satisfies fc.Arbitrary<unknown>;
    const states = fc.constantFrom('starting', 'running', 'restarting', 'stopped');
    fc.assert(
      fc.property(fc.option(attention), states, (heard, state) => {
        const given = heard === null ? null : { ...heard, worst: heard.firing === 0 ? null : heard.worst };
        const look = trayLookOf(given, { state }, nowMs);
        const isWell =
          state === 'running' &&
          given?.sight.kind === 'live' &&
          given.firing === 0 &&
          pauseOf(given, nowMs) === null;
        expect(look.shape === 'well').toBe(isWell);
        expect(look.line.length).toBeLessThanOrEqual(120);
        expect(look.line).not.toMatch(/[\p{Cc}\u202A-\u202E\u2066-\u2069]/u);
        expect(look.line).not.toBe('');
        // What fires and is not seen is never drawn as if it were.
        if (look.count !== '' && given?.sight.kind !== 'live') expect(look.mark).toBe('unseen');
      }),
      { numRuns: 500 },
    );
  });
});
