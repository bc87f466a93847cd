import { describe, expect, it } from 'vitest';
import type { AlertRecord, IncidentRecord } from '#core/store/records.ts';
import type { IncidentSigns } from '#shared/model/incident-signs.ts';
import { dayMs, hourMs } from '#shared/time.ts';
import { alertFacts, incidentRow } from '#support/models.ts';
import { IncidentSignsDesk } from './incident-signs-desk.ts';

const nowMs = 10 * dayMs;

function record(id: number, openedAtMs: number, resolvedAtMs: number | null, groupKey = 'g'): IncidentRecord {
  return { id, groupKey, openedAtMs, resolvedAtMs } as IncidentRecord;
}

/** A desk over a book that the test writes. */
function desk() {
  const incidents = new Map<number, IncidentRecord>();
  const open = new Map<string, AlertRecord>();
  const shown = new Map<number, IncidentSigns>();
  let published = 0;
  let due: (() => void)[] = [];
  const signs = new IncidentSignsDesk({
    book: {
      incidents: () => incidents.values(),
      incident: (id) => incidents.get(id),
      findOpenAlert: (fingerprint) => open.get(fingerprint),
    },
    publish: (upsert, remove) => {
      published += 1;
      for (const one of upsert) shown.set(one.id, one);
      for (const id of remove) shown.delete(id);
    },
    nowMs: () => nowMs,
    later: (task) => void due.push(task),
  });
  const put = (...records: readonly IncidentRecord[]): void => {
    for (const one of records) incidents.set(one.id, one);
    signs.applied(records);
  };
  const settle = (): void => {
    const tasks = due;
    due = [];
    for (const task of tasks) task();
  };
  return { signs, incidents, open, shown, put, settle, published: () => published };
}

const facts = (incidentId: number, fingerprint: string, part: Parameters<typeof alertFacts>[1] = {}) =>
  alertFacts(incidentRow({ id: incidentId }), { fingerprint, ...part });

describe('the signs of incidents', () => {
  it('tell when the group fired within the day, and of nobody else', () => {
    const { shown, put, settle } = desk();
    put(
      record(1, nowMs - 30 * hourMs, nowMs - 25 * hourMs),
      record(2, nowMs - 5 * hourMs, nowMs - 4 * hourMs),
      record(3, nowMs - 3 * hourMs, nowMs - 2 * hourMs),
      record(4, nowMs - hourMs, null),
      record(5, nowMs - hourMs, null, 'other'),
    );
    settle();
    expect(shown.get(4)?.earlier).toEqual([
      [nowMs - 5 * hourMs, nowMs - 4 * hourMs],
      [nowMs - 3 * hourMs, nowMs - 2 * hourMs],
    ]);
    expect(shown.get(3)?.earlier).toHaveLength(1);
    expect(new Set(shown.keys())).toEqual(new Set([3, 4]));
  });

  it('change with the group: an incident that ends is earlier than the next', () => {
    const { shown, put, settle, published } = desk();
    put(record(1, nowMs - 3 * hourMs, null));
    settle();
    expect([shown.size, published()]).toEqual([0, 0]);
    put(record(1, nowMs - 3 * hourMs, nowMs - 2 * hourMs));
    put(record(2, nowMs - hourMs, null));
    settle();
    expect(shown.get(2)?.earlier).toEqual([[nowMs - 3 * hourMs, nowMs - 2 * hourMs]]);
    put(record(2, nowMs - hourMs, null));
    settle();
    expect(published()).toBe(1);
  });

  it('name what mutes: silences, the alerts that inhibit, and time where it mutes every open alert', () => {
    const { signs, open, shown, put, settle } = desk();
    put(record(1, nowMs, null));
    open.set('f9', { labels: { alertname: 'NodeDown' } } as unknown as AlertRecord);
    signs.heard({
      upsert: [
        facts(1, 'a', { silencedBy: ['s1'], mutedBy: ['night'] }),
        facts(1, 'b', { inhibitedBy: ['f9', 'f8'], mutedBy: ['night', 'weekend'] }),
        facts(1, 'c', { ended: true, silencedBy: ['s2'], mutedBy: [] }),
      ],
      forget: [],
    });
    settle();
    expect(shown.get(1)).toEqual({
      id: 1,
      earlier: [],
      silencedBy: ['s1'],
      inhibitedBy: ['NodeDown', 'f8'],
      mutedBy: ['night', 'weekend'],
    });
    signs.heard({ upsert: [facts(1, 'b', { mutedBy: null })], forget: [] });
    settle();
    expect(shown.get(1)).toMatchObject({ silencedBy: ['s1'], inhibitedBy: [], mutedBy: [] });
  });

  it('go with the incident', () => {
    const { signs, incidents, shown, put, settle } = desk();
    put(record(1, nowMs, null));
    signs.heard({ upsert: [facts(1, 'a', { silencedBy: ['s1'] })], forget: [] });
    settle();
    expect(signs.current()).toHaveLength(1);
    incidents.delete(1);
    signs.heard({ upsert: [], forget: [1] });
    settle();
    expect([signs.current(), shown.size]).toEqual([[], 0]);
  });

  it('are bounded for a group that comes and goes all day', async () => {
    const { shown, put, settle } = desk();
    const many = Array.from({ length: 200 }, (_, index) => {
      const fromMs = nowMs - 20 * hourMs + index * 1_000;
      return record(index + 1, fromMs, index === 199 ? null : fromMs + 500);
    });
    put(...many);
    settle();
    await expect.poll(() => shown.get(200)?.earlier).toHaveLength(60);
    expect(shown.get(200)?.earlier.at(-1)?.[0]).toBe(many[198]?.openedAtMs);
  });
});
