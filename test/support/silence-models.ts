import type { OutboxEntry, Silence, SilenceDraft, SilencePreview } from '#shared/model/silence.ts';

/** Whole silences and what waits of them, for tests that care about one field. */

export function silence(part: Partial<Silence> = {}): Silence {
  const id = part.id ?? 'aaaa';
  const cluster = part.cluster ?? 'alertmanager-a';
  return {
    key: `${cluster}/${id}`,
    id,
    cluster,
    sources: [cluster],
    missingFrom: [],
    state: 'active',
    matchers: [{ name: 'service', value: 'backend', isRegex: false, isEqual: true }],
    createdBy: 'a.okafor',
    comment: 'rolling back',
    startsAtMs: 1_000,
    endsAtMs: 3_601_000,
    updatedAtMs: 1_000,
    care: null,
    endsAfterQuietMs: null,
    silencedCount: 0,
    heardAtMs: 2_000,
    ...part,
  };
}

export function silenceDraft(part: Partial<SilenceDraft> = {}): SilenceDraft {
  const { matchers, startsAtMs, endsAtMs, comment } = silence();
  return { matchers, startsAtMs, endsAtMs, comment, endsAfterQuietMs: null, ...part };
}

export function outboxEntry(part: Partial<OutboxEntry> = {}): OutboxEntry {
  return {
    id: '11111111-1111-4111-8111-111111111111',
    cluster: 'alertmanager-a',
    by: 'a.okafor',
    createdAtMs: 1_000,
    dueAtMs: 11_000,
    request: { kind: 'create', draft: silenceDraft() },
    state: 'held',
    targets: [{ source: 'alertmanager-a', state: 'waiting', detail: '', atMs: null }],
    conflict: '',
    isDisplaced: false,
    silenceId: null,
    ...part,
  };
}

export function silencePreview(part: Partial<SilencePreview> = {}): SilencePreview {
  return {
    now: { alerts: 3, critical: 1, criticalNames: ['HighErrorRate backend'], incidents: 2 },
    past: {
      alerts: 214,
      critical: 3,
      criticalNames: ['HighErrorRate backend', 'APIDown webhook-2', 'DiskFull pg-1'],
      incidents: 41,
      fromMs: 0,
      toMs: 2_592_000_000,
      atLeast: false,
    },
    matcherCounts: [3],
    fingerprints: [],
    warnings: [],
    ...part,
  };
}
