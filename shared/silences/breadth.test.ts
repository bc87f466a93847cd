import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SilenceMatcher } from '#shared/model/silence.ts';
import { dayMs, hourMs } from '#shared/time.ts';
import { breadthWarnings, type Breadth } from './breadth.ts';
import { compileSilence } from './compile-silence.ts';
import { overlaps, tallyHidden, TallySum, type HiddenTally, type TalliedAlert } from './hidden-tally.ts';

const named: SilenceMatcher = { name: 'alertname', value: '.+', isRegex: true, isEqual: true };
const disk: SilenceMatcher = { name: 'alertname', value: 'DiskFull', isRegex: false, isEqual: true };

function alert(id: number, labels: Record<string, string> = {}, fromMs = 0, toMs: number | null = null) {
  return {
    incidentId: id,
    fingerprint: `f${id}`,
    labels: { alertname: 'DiskFull', service: 'backend', severity: 'warning', ...labels },
    startsAtMs: fromMs,
    endedAtMs: toMs,
  };
}

function tally(alerts: readonly TalliedAlert[], matchers: readonly SilenceMatcher[] = [named]): HiddenTally {
  const silence = compileSilence(matchers);
  if (!silence.ok) throw new Error(silence.failure);
  return tallyHidden(alerts, silence.value);
}

function warnings(part: Partial<Breadth>): string[] {
  return breadthWarnings({ matchers: [disk], now: tally([]), past: tally([]), lastsMs: hourMs, ...part });
}

describe('what a person ought to hear', () => {
  test('nothing about a narrow one', () => {
    const alerts = Array.from({ length: 20 }, (_, index) => alert(index, { alertname: `A${index}` }));
    expect(
      warnings({
        now: tally(alerts, [{ ...disk, value: 'A1' }]),
        past: tally([alert(1, { alertname: 'A1' })]),
      }),
    ).toEqual([]);
  });

  test('that it takes much of what fires, and not where there is little', () => {
    const alerts = Array.from({ length: 10 }, (_, index) =>
      alert(index, index < 7 ? {} : { alertname: 'B' }),
    );
    expect(warnings({ now: tally(alerts, [disk]) })).toEqual([
      'It takes 70 % of what fires: 7 of 10 alerts.',
    ]);
    expect(warnings({ now: tally(alerts.slice(0, 7)) })).toEqual([]);
  });

  test.each([
    ['.*', true],
    ['.+', true],
    ['(.*)', true],
    ['^.*$', true],
    ['a.*', false],
    ['a|b', false],
  ])('that a bare pattern narrows nothing down: %s', (value, isWarned) => {
    const matchers = [disk, { name: 'instance', value, isRegex: true, isEqual: true }];
    const says = 'instance may be anything: this matcher narrows nothing down.';
    expect(warnings({ matchers })).toEqual(isWarned ? [says] : []);
  });

  test('that it only excludes', () => {
    const matchers = [{ ...disk, isEqual: false }];
    expect(warnings({ matchers })).toEqual([
      'It asks for no label: it takes everything but what it excludes.',
    ]);
  });

  test('critical ones by name, now rather than before', () => {
    const critical = Array.from({ length: 6 }, (_, id) =>
      alert(id, { severity: 'critical', instance: `web-${id}` }),
    );
    expect(warnings({ now: tally(critical.slice(0, 1)) })).toEqual([
      'It hides 1 critical alert now: DiskFull backend web-0.',
    ]);
    expect(warnings({ past: tally(critical) })).toEqual([
      'It would have hidden 6 critical alerts before: DiskFull backend web-0, DiskFull backend web-1, DiskFull backend web-2, DiskFull backend web-3 and 2 more.',
    ]);
  });

  test('that it goes over several services and severities', () => {
    const now = tally([alert(1), alert(2, { service: 'shop' }), alert(3, { severity: 'ticket-17' })]);
    expect(warnings({ now })).toEqual([
      'It goes over 2 services: backend, shop.',
      'It goes over 2 severities: Warning, ticket-17.',
    ]);
  });

  test('that it lasts longer than a day', () => {
    expect(warnings({ lastsMs: dayMs })).toEqual([]);
    expect(warnings({ lastsMs: 3 * dayMs })).toEqual(['It lasts longer than a day: 3d 00h.']);
    expect(warnings({ lastsMs: null })).toEqual([]);
  });

  test('that what it takes never fired together', () => {
    const together = [alert(1, {}, 0, 10), alert(2, { alertname: 'B' }, 5, 20)];
    expect(warnings({ past: tally(together) })).toEqual([]);
    const later = alert(3, { alertname: 'C' }, 100, 110);
    expect(warnings({ past: tally([...together, later]) })).toEqual([
      'It takes alerts that never fired together with the others: C.',
    ]);
    expect(warnings({ now: tally([alert(4, {}, 90)]), past: tally([later]) })).toEqual([]);
  });
});

describe('a tally', () => {
  const alerts = fc.array(
    fc
      .record({
        incidentId: fc.integer({ min: 1, max: 5 }),
        fingerprint: fc.constantFrom('a', 'b', 'c', 'd'),
        labels: fc.record({
          alertname: fc.constantFrom('', 'A', 'B'),
          severity: fc.constantFrom('critical', 'warning', ''),
          service: fc.constantFrom('x', 'y'),
        }),
        startsAtMs: fc.integer({ min: 0, max: 50 }),
        lengthMs: fc.option(fc.integer({ min: 0, max: 20 })),
      })
      .map(({ lengthMs, ...one }): TalliedAlert => ({
        ...one,
        endedAtMs: lengthMs === null ? null : one.startsAtMs + lengthMs,
      })),
  );

  test('of parts added up is the tally of all of them', () => {
    fc.assert(
      fc.property(alerts, alerts, (left, right) => {
        const sum = new TallySum();
        sum.add(tally(left));
        sum.add(tally(right));
        expect(sum).toEqual(tally([...left, ...right]));
      }),
    );
  });

  test('knows of two troubles whether they were there at once', () => {
    fc.assert(
      fc.property(alerts, (some) => {
        const { troubles } = tally(some);
        const span = (alert: TalliedAlert) => [{ fromMs: alert.startsAtMs, toMs: alert.endedAtMs }];
        const of = (name: string) => some.filter(({ labels }) => labels['alertname'] === name);
        const met = of('A').some((one) => of('B').some((other) => overlaps(span(one), span(other))));
        expect(overlaps(troubles.get('A') ?? [], troubles.get('B') ?? [])).toBe(met);
      }),
    );
  });
});
