import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alertStates } from '#shared/model/alert.ts';
import type { AlertFacts } from '#shared/model/alert-facts.ts';
import type { IncidentSigns } from '#shared/model/incident-signs.ts';
import type { IncidentRow } from '#shared/model/incident.ts';
import { hourMs, minuteMs } from '#shared/time.ts';
import { alertFacts, incidentRow } from '#support/models.ts';
import { asItComes, type Arrangement } from '../../stores/arrangement.ts';
import type { InboxItem } from './inbox-items.ts';
import { layoutOf, type LayoutInput } from './inbox-layout.ts';
import { InboxLedger, type LedgerInput } from './inbox-ledger.ts';

const nowMs = 100 * hourMs;
const taken = { by: 'ada', atMs: 5 };
const warning = { level: 'warning', word: 'Warning' } as const;

function ledgerInput(part: Partial<LedgerInput> = {}): LedgerInput {
  return {
    incidents: [],
    alerts: [],
    signs: [],
    pending: [],
    arrangement: asItComes,
    isBlind: false,
    nowMs,
    ...part,
  };
}

function layoutInput(part: Partial<LayoutInput> = {}): LayoutInput {
  return {
    arrangement: asItComes,
    filter: null,
    nowMs,
    isBlind: false,
    lastSeenAtMs: null,
    folded: new Set(),
    expanded: new Set(),
    ...part,
  };
}

function laidOut(input: Partial<LedgerInput>, layout: Partial<LayoutInput> = {}): readonly InboxItem[] {
  const ledger = new InboxLedger();
  const { arrangement = asItComes, isBlind = false } = input;
  ledger.update(ledgerInput(input));
  return layoutOf(ledger, layoutInput({ arrangement, isBlind, ...layout }));
}

/** `title count: id id` for each section or group. */
function outline(items: readonly InboxItem[]): readonly string[] {
  const lines: string[] = [];
  for (const item of items) {
    if (item.kind === 'section') lines.push(`${item.title} ${item.count}:`);
    else if (item.kind === 'group') lines.push(`- ${item.values.join('/')} ${item.count}:`);
    else lines.push(`${lines.pop() ?? ''} ${item.kind === 'row' ? item.row.id : item.kind}`);
  }
  return lines;
}

function signsOf(id: number, part: Partial<IncidentSigns> = {}): IncidentSigns {
  return { id, earlier: [], silencedBy: [], inhibitedBy: [], mutedBy: [], ...part };
}

/** Fired and ended so often within the last hour. */
function flickered(times: number): [number, number][] {
  return Array.from({ length: times }, (_, index): [number, number] => {
    const fromMs = nowMs - 50 * minuteMs + index * 4 * minuteMs;
    return [fromMs, fromMs + 2 * minuteMs];
  });
}

const rows = [
  incidentRow({ id: 1, startsAtMs: 50, severity: warning }),
  incidentRow({ id: 2, startsAtMs: 90 }),
  incidentRow({ id: 3, startsAtMs: 60 }),
  incidentRow({ id: 4, acknowledged: { by: 'ada', atMs: 20 } }),
  incidentRow({ id: 5, acknowledged: { by: 'ada', atMs: 10 } }),
  incidentRow({ id: 6, state: 'suppressed' }),
  incidentRow({ id: 7, state: 'unseen' }),
  incidentRow({ id: 8, state: 'resolved', resolvedAtMs: 70 }),
  incidentRow({ id: 9, state: 'resolved', resolvedAtMs: 80 }),
  incidentRow({ id: 10, state: 'unseen', acknowledged: taken }),
  incidentRow({ id: 11, state: 'unseen', resolvedAtMs: 60 }),
  incidentRow({ id: 12, snoozed: { by: 'ada', atMs: 1, untilMs: null } }),
  incidentRow({ id: 13, snoozed: { by: 'ada', atMs: 1, untilMs: 900 } }),
  incidentRow({ id: 14, noise: taken }),
  incidentRow({ id: 15, mergedInto: 1 }),
];

describe('the inbox', () => {
  it('puts every incident where it belongs, in the order that the section states', () => {
    expect(outline(laidOut({ incidents: rows }))).toEqual([
      'Needs you 3: 3 2 1',
      'Lost sight 2: 7 10',
      'Acknowledged 2: 5 4',
      'Snoozed 2: 13 12',
      'Muted 1: 6',
      'Noise 1: 14',
      'Ended within a day 3: 9 8 11',
    ]);
  });

  it('speaks in the past tense when blind, and calls nothing well', () => {
    const items = laidOut({ incidents: rows, isBlind: true }, { lastSeenAtMs: 1_000 });
    expect(outline(items).map((line) => line.replace(/.*?: /, ''))).toEqual([
      '3 2 7 1',
      '10 5 4',
      '13 12',
      '6',
      '14',
      '9 8 11',
    ]);
    const titles = items.flatMap((item) => (item.kind === 'section' ? [item.title] : []));
    expect(titles.every((title) => title.startsWith('Was '))).toBe(true);
  });

  it('knows of a mute by time, and of what comes and goes, from its signs alone', () => {
    const incidents = [
      incidentRow({ id: 1, severity: warning, startsAtMs: nowMs - minuteMs }),
      incidentRow({ id: 2, startsAtMs: nowMs - minuteMs }),
      incidentRow({ id: 3, severity: warning, startsAtMs: nowMs - minuteMs }),
      incidentRow({ id: 4 }),
    ];
    const signs = [
      signsOf(1, { earlier: flickered(3) }),
      signsOf(2, { earlier: flickered(3) }),
      signsOf(3, { earlier: flickered(2) }),
      signsOf(4, { mutedBy: ['weekend'] }),
    ];
    expect(outline(laidOut({ incidents, signs }))).toEqual([
      'Needs you 2: 2 3',
      'Muted 1: 4',
      'Flapping 1: 1',
    ]);
    const ledger = new InboxLedger();
    ledger.update(ledgerInput({ incidents, signs }));
    const later = ledgerInput({ incidents, signs, nowMs: nowMs + hourMs });
    expect(ledger.update({ ...later, arrangement: asItComes })).toBe(true);
    expect(outline(layoutOf(ledger, layoutInput()))).toEqual(['Needs you 3: 2 1 3', 'Muted 1: 4']);
  });

  it('sorts as it is told, and turns round', () => {
    const sorted = (sort: Arrangement['sort'], reversed: boolean) =>
      outline(laidOut({ incidents: rows.slice(0, 3), arrangement: { ...asItComes, sort, reversed } }));
    expect(sorted('age', false)).toEqual(['Needs you 3: 1 3 2']);
    expect(sorted('age', true)).toEqual(['Needs you 3: 2 3 1']);
    expect(sorted('severity', true)).toEqual(['Needs you 3: 1 3 2']);
  });

  it('has lanes by severity, and what needs somebody first in each', () => {
    const items = laidOut({ incidents: rows, arrangement: { ...asItComes, lanes: '@severity' } });
    expect(outline(items)).toEqual(['Critical 13: 3 2 7 10 5 4 13 12 6 14 9 8 11', 'Warning 1: 1']);
  });

  it('groups by labels of the incident or of its alerts, the worst group first', () => {
    const grouped = [
      incidentRow({ id: 1, labels: { cluster: 'eu' }, severity: warning }),
      incidentRow({ id: 2, labels: { cluster: 'us' } }),
      incidentRow({ id: 3, labels: {} }),
      incidentRow({ id: 4, labels: {}, severity: warning }),
    ];
    const alerts = [
      {
        incidentId: 3,
        alerts: ['us', 'eu', 'us'].map((cluster, index) =>
          alertFacts(incidentRow({ id: 3 }), { fingerprint: `${index}`, labels: { cluster } }),
        ),
      },
    ];
    const arrangement = { ...asItComes, groupBy: ['cluster'] };
    expect(outline(laidOut({ incidents: grouped, alerts, arrangement }))).toEqual([
      'Needs you 4:',
      '- eu, us 1: 3',
      '- us 1: 2',
      '- eu 1: 1',
      '-  1: 4',
    ]);
    const folded = new Set(['group needs-you us']);
    expect(outline(laidOut({ incidents: grouped, alerts, arrangement }, { folded }))[2]).toBe('- us 1:');
  });

  it('lists the alerts of an expanded incident, but no more than can be scrolled through', () => {
    const alerts = [
      {
        incidentId: 1,
        alerts: Array.from({ length: 130 }, (_, index) =>
          alertFacts(incidentRow(), { fingerprint: `${index}`, labels: { pod: `p${index}` } }),
        ),
      },
    ];
    const items = laidOut({ incidents: [incidentRow()], alerts }, { expanded: new Set([1]) });
    expect(items.filter(({ kind }) => kind === 'alert')).toHaveLength(100);
    expect(items.at(-1)).toMatchObject({
      kind: 'rest',
      text: expect.stringMatching(/^30 more alerts/) as string,
    });
    const waiting = laidOut({ incidents: [incidentRow()] }, { expanded: new Set([1]) });
    expect(waiting.at(-1)).toMatchObject({ kind: 'rest', text: 'Its alerts are being fetched.' });
  });

  it('counts who needs somebody', () => {
    const ledger = new InboxLedger();
    ledger.update(ledgerInput({ incidents: rows }));
    expect(ledger.counts()).toEqual({ open: 11, asks: { critical: 2, warning: 1, info: 0 } });
    ledger.update(ledgerInput({ incidents: rows, isBlind: true }));
    expect(ledger.counts()).toEqual({ open: 11, asks: { critical: 3, warning: 1, info: 0 } });
  });
});

const verdictOn = (incidentId: number) => ({
  id: 1,
  incidentId,
  change: { acknowledged: { by: 'bo', atMs: 3 } },
  revision: null,
});

const anyRow = fc.record({
  id: fc.integer({ min: 1, max: 12 }),
  severity: fc.constantFrom({ level: 'critical', word: 'Critical' } as const, warning),
  state: fc.constantFrom(...alertStates),
  acknowledged: fc.constantFrom(null, taken),
  snoozed: fc.constantFrom(null, { by: 'ada', atMs: 1, untilMs: null }),
  resolvedAtMs: fc.constantFrom(null, 9),
  startsAtMs: fc.integer({ min: 0, max: 5 }),
  service: fc.constantFrom('a', 'b'),
});

const anyArrangement: fc.Arbitrary<Arrangement> = fc.record({
  lanes: fc.constantFrom('', '@severity', 'pod'),
  groupBy: fc.subarray(['service', 'pod']),
  sort: fc.constantFrom(null, 'age' as const, 'service' as const),
  reversed: fc.boolean(),
});

const anyStep = fc.oneof(
  fc.record({ kind: fc.constant('put' as const), row: anyRow }),
  fc.record({ kind: fc.constant('gone' as const), id: fc.integer({ min: 1, max: 12 }) }),
  fc.record({
    kind: fc.constant('alert' as const),
    id: fc.integer({ min: 1, max: 12 }),
    pod: fc.constantFrom('x', 'y'),
  }),
  fc.record({ kind: fc.constant('verdict' as const), id: fc.integer({ min: 1, max: 12 }) }),
  fc.record({ kind: fc.constant('arrange' as const), arrangement: anyArrangement }),
  fc.constant({ kind: 'blind' as const }),
);

describe('the ledger', () => {
  it('is, after any changes, what it would be made anew, and lists every incident once', () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 25 }), (steps) => {
        const ledger = new InboxLedger();
        const shown = new Map<number, IncidentRow>();
        const alerts = new Map<number, AlertFacts[]>();
        let input = ledgerInput();
        for (const step of steps) {
          switch (step.kind) {
            case 'put':
              shown.set(step.row.id, incidentRow({ ...step.row, labels: {} }));
              break;
            case 'gone':
              shown.delete(step.id);
              alerts.delete(step.id);
              break;
            case 'alert':
              alerts.set(step.id, [alertFacts(incidentRow({ id: step.id }), { labels: { pod: step.pod } })]);
              break;
            case 'verdict':
              input = {
                ...input,
                pending: [verdictOn(step.id)],
              };
              break;
            case 'arrange':
              input = { ...input, arrangement: step.arrangement };
              break;
            case 'blind':
              input = { ...input, isBlind: !input.isBlind };
          }
          input = {
            ...input,
            incidents: [...shown.values()],
            alerts: [...alerts].map(([incidentId, facts]) => ({ incidentId, alerts: facts })),
          };
          ledger.update(input);
        }
        const { arrangement, isBlind } = input;
        const kept = outline(layoutOf(ledger, layoutInput({ arrangement, isBlind })));
        expect(kept).toEqual(outline(laidOut(input)));
        const anew = new InboxLedger();
        anew.update(input);
        expect(ledger.counts()).toEqual(anew.counts());
        const listed = layoutOf(ledger, layoutInput({ arrangement, isBlind })).flatMap((item) =>
          item.kind === 'row' ? [item.row.id] : [],
        );
        expect(listed.toSorted((a, b) => a - b)).toEqual([...shown.keys()].toSorted((a, b) => a - b));
      }),
    );
  });

  it('keeps what is listed the same object until it changes', () => {
    const ledger = new InboxLedger();
    const incidents = [incidentRow({ id: 1 }), incidentRow({ id: 2 })];
    ledger.update(ledgerInput({ incidents }));
    const before = layoutOf(ledger, layoutInput());
    const [one] = incidents;
    ledger.update(
      ledgerInput({
        incidents: [...(one === undefined ? [] : [one]), incidentRow({ id: 2, alertCount: 5 })],
      }),
    );
    expect([...ledger.changed]).toEqual([2]);
    const after = layoutOf(ledger, layoutInput());
    expect(after[1]).toBe(before[1]);
    expect(after[2]).not.toBe(before[2]);
    expect(ledger.update(ledgerInput({ incidents: [...ledger.entries()].map(({ row }) => row) }))).toBe(
      false,
    );
  });
});
