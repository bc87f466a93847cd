import { describe, expect, test } from 'vitest';
import type { FiredPage, FiredQuery } from '#core/store/journal/fired-alerts.ts';
import type { AlertRecord } from '#core/store/records.ts';
import type { SilenceMatcher } from '#shared/model/silence.ts';
import { compileSilence } from '#shared/silences/compile-silence.ts';
import { tallyHidden } from '#shared/silences/hidden-tally.ts';
import { dayMs } from '#shared/time.ts';
import { alertRecord } from '#support/journal-records.ts';
import { previewSilence, type PreviewOptions } from './silence-preview.ts';
import { suggestMatchers } from './suggest-matchers.ts';

const nowMs = 100 * dayMs;
const disk: SilenceMatcher = { name: 'alertname', value: 'DiskFull', isRegex: false, isEqual: true };
const web: SilenceMatcher = { name: 'instance', value: 'web-.*', isRegex: true, isEqual: true };
const waiting = new AbortController().signal;

function witness(source: string, reporting = true): AlertRecord['witnesses'][number] {
  return { source, reporting, says: 'firing', lastSeenAtMs: nowMs, serverStartedAtMs: null };
}

function open(id: number, instance: string, part: Partial<AlertRecord> = {}): AlertRecord {
  return alertRecord({
    incidentId: id,
    fingerprint: `f${id}`,
    labels: { alertname: 'DiskFull', instance, severity: id === 1 ? 'critical' : 'warning' },
    state: 'firing',
    endedAtMs: null,
    witnesses: [witness('eu-a')],
    ...part,
  });
}

/** A journal of pages, each of some alerts. */
function journal(pages: readonly (readonly AlertRecord[])[]): {
  readonly asked: FiredQuery[];
  readonly fired: PreviewOptions['fired'];
} {
  const asked: FiredQuery[] = [];
  return {
    asked,
    fired: (query) => {
      asked.push(query);
      const index = query.before?.incidentId ?? 0;
      const silence = compileSilence(query.matchers);
      if (!silence.ok) throw new Error(silence.failure);
      const page = pages[index] ?? [];
      const answer: FiredPage = {
        tally: tallyHidden(page, silence.value),
        labelSets: page.map(({ labels }) => labels),
        next: index + 1 < pages.length ? { incidentId: index + 1, fingerprint: '' } : null,
      };
      return Promise.resolve(answer);
    },
  };
}

function preview(
  alerts: readonly AlertRecord[],
  pages: readonly (readonly AlertRecord[])[],
  part: Partial<
    PreviewOptions & { matchers: SilenceMatcher[]; signal: AbortSignal; chosen: AlertRecord[] }
  > = {},
) {
  const { matchers = [disk, web], signal = waiting, chosen = [], ...options } = part;
  return previewSilence(
    { matchers, sources: ['eu-a', 'eu-b'], lastsMs: null, chosen },
    { openAlerts: () => alerts, fired: journal(pages).fired, nowMs: () => nowMs, ...options },
    signal,
  );
}

describe('a preview', () => {
  test('of what the cluster has now, and each matcher alone', async () => {
    const alerts = [
      open(1, 'web-1'),
      open(2, 'web-2', { witnesses: [witness('us'), witness('eu-b')] }),
      open(3, 'db-1'),
      open(4, 'web-4', { witnesses: [witness('us')] }),
      open(5, 'web-5', { witnesses: [witness('eu-a', false), witness('us')] }),
      open(6, 'web-6', { state: 'unseen', witnesses: [witness('eu-a', false)] }),
    ];
    expect(await preview(alerts, [])).toMatchObject({
      ok: true,
      value: {
        now: { alerts: 3, incidents: 3, critical: 1, criticalNames: ['DiskFull web-1'] },
        fingerprints: ['f1', 'f2', 'f6'],
        matcherCounts: [4, 3],
        warnings: ['It hides 1 critical alert now: DiskFull web-1.', expect.stringContaining('2 severities')],
      },
    });
  });

  test('of what fired within thirty days: an alert of two pages is one', async () => {
    const pages = [
      [open(1, 'web-1'), open(2, 'web-2')],
      [open(2, 'web-2', { incidentId: 9 }), open(3, 'db')],
    ];
    const log = journal(pages);
    const result = await preview([], pages, { fired: log.fired });
    expect(result).toMatchObject({
      value: { past: { alerts: 2, incidents: 3, critical: 1, atLeast: false, toMs: nowMs } },
    });
    expect(log.asked.map(({ fromMs }) => nowMs - fromMs)).toEqual([30 * dayMs, 30 * dayMs]);
  });

  test('of a longer history is a lower bound, and says so', async () => {
    const pages = [[open(1, 'web-1')], [open(2, 'web-2')], [open(3, 'web-3')]];
    expect(await preview([], pages, { mostRows: 2 })).toMatchObject({
      value: { past: { alerts: 2, atLeast: true } },
    });
  });

  test('is refused where a server would refuse the silence', async () => {
    const matchers = [{ name: 'a', value: '(', isRegex: true, isEqual: true }];
    expect(await preview([], [], { matchers })).toMatchObject({
      failure: { code: 'invalid-input', message: expect.stringContaining('a=~"("') },
    });
  });

  test('ends when nobody waits for it', async () => {
    const waited = new AbortController();
    const log = journal([[open(1, 'web-1')], [open(2, 'web-2')]]);
    const fired: PreviewOptions['fired'] = (query) => {
      waited.abort();
      return log.fired(query);
    };
    const result = await preview([], [], { fired, signal: waited.signal });
    expect(result).toMatchObject({ failure: { code: 'cancelled' } });
    expect(log.asked).toHaveLength(1);
  });
});

describe('a silence that is made from alerts', () => {
  const chosen = [open(1, 'web-1')];
  const beyond = async (...asked: Parameters<typeof preview>): Promise<string | undefined> => {
    const result = await preview(...asked);
    return result.ok ? result.value.warnings[0] : undefined;
  };

  test('says what it hides beyond them now, and which labels were left open', async () => {
    expect(await beyond([...chosen, open(2, 'web-2'), open(3, 'web-3')], [], { chosen })).toBe(
      'It also hides 2 other alerts now: left open are instance, severity.',
    );
  });

  test('says what it would have hidden beyond them, where nothing else fires now', async () => {
    const pages = [
      [...chosen, open(2, 'web-2', { labels: { ...chosen[0]?.labels, pod: 'x', instance: 'web-2' } })],
    ];
    expect(await beyond(chosen, pages, { chosen })).toBe(
      'It would also have hidden 1 other alert before: left open is instance.',
    );
  });

  test('says nothing where it hides them alone, or is made from nothing', async () => {
    expect(await beyond(chosen, [chosen], { chosen })).toBe('It hides 1 critical alert now: DiskFull web-1.');
    expect(await beyond([...chosen, open(2, 'web-2')], [])).not.toContain('other');
  });
});

describe('suggested matchers', () => {
  const chosen = { alertname: 'DiskFull', service: 'backend', device: 'sda', severity: 'warning' };
  const suggest = (alerts: readonly AlertRecord[], pages: readonly (readonly AlertRecord[])[]) =>
    suggestMatchers([chosen], {
      openAlerts: () => alerts,
      fired: journal(pages).fired,
      sources: ['eu-a'],
      nowMs: () => nowMs,
    });
  const names = async (result: ReturnType<typeof suggest>) => {
    const matchers = await result;
    return matchers.ok ? matchers.value.map(({ name }) => name) : matchers.failure;
  };

  test('ask for more where something else fires, or fired, that they would take', async () => {
    const other = open(2, '', { labels: { ...chosen, device: 'sdb' } });
    expect(await names(suggest([], []))).toEqual(['alertname', 'service']);
    expect(await names(suggest([other], []))).toEqual(['alertname', 'service', 'device']);
    expect(await names(suggest([], [[], [other]]))).toEqual(['alertname', 'service', 'device']);
  });
});
