import { describe, expect, test } from 'vitest';
import type { RuleView } from '#shared/model/rule.ts';
import { unaskedHealth, type SourceHealth, type SourceState } from '#shared/model/source.ts';
import { isFresh, sightOf, watchingRulesIn } from './sight.ts';

function source(name: string, state: SourceState, lastSuccessAtMs: number | null = 1_000): SourceHealth {
  const kind = name.startsWith('prometheus') ? 'prometheus' : 'alertmanager';
  return {
    ...unaskedHealth({ name, kind, url: '', tellsAlerts: kind === 'alertmanager' }),
    state,
    lastSuccessAtMs,
  };
}

function rule(part: Partial<RuleView>): RuleView {
  return {
    name: 'a',
    kind: 'alerting',
    expression: 'up == 0',
    forMs: 0,
    keepFiringForMs: 0,
    labels: {},
    annotations: {},
    line: 1,
    health: 'ok',
    lastError: '',
    lastSuccessAtMs: null,
    state: 'inactive',
    alerts: [],
    alertCount: 0,
    ...part,
  };
}

describe('sight', () => {
  test.each<[string, SourceHealth[], string]>([
    ['no source of alerts', [source('prometheus', 'fresh')], 'unwatched'],
    ['not answered yet', [source('a', 'starting', null)], 'starting'],
    ['one answers', [source('a', 'fresh')], 'live'],
    ['one is late', [source('a', 'late')], 'live'],
    ['one missed its first poll and never spoke', [source('a', 'late', null)], 'starting'],
    ['one answers, the other never did', [source('a', 'fresh'), source('b', 'starting', null)], 'starting'],
    ['one of two is stale', [source('a', 'fresh'), source('b', 'stale')], 'partial'],
    ['both are stale', [source('a', 'stale'), source('b', 'stale')], 'blind'],
    ['stale, the other not asked yet', [source('a', 'stale'), source('b', 'starting', null)], 'starting'],
    ['only metrics are fresh', [source('prometheus', 'fresh'), source('a', 'stale')], 'blind'],
  ])('%s', (_name, sources, kind) => {
    expect(sightOf(sources, false).kind).toBe(kind);
  });

  const telling = (health: SourceHealth): SourceHealth => ({ ...health, tellsAlerts: true });
  test.each<[string, SourceHealth[], string, string]>([
    ['answers', [telling(source('prometheus', 'fresh'))], 'live', ''],
    ['was not asked yet', [telling(source('prometheus', 'starting', null))], 'starting', ''],
    ['is gone', [telling(source('prometheus', 'stale'))], 'blind', 'prometheus: it does not answer'],
    [
      'has no alerts to tell',
      [source('prometheus', 'fresh')],
      'unwatched',
      'No Alertmanager is configured. prometheus has no alerts of its own to tell.',
    ],
    [
      'is one of two',
      [telling(source('prometheus', 'stale')), telling(source('prometheus-b', 'fresh'))],
      'partial',
      'prometheus: it does not answer',
    ],
  ])('without an Alertmanager a Prometheus that tells its own alerts %s', (_name, sources, kind, cause) => {
    expect(sightOf(sources, false)).toMatchObject({ kind, cause });
  });

  test('a source that answers without what always fires there is blind', () => {
    const lacking = (name: string): SourceHealth => ({
      ...source(name, 'fresh'),
      missingWatchdog: { sinceMs: 700, matchers: 'alertname="Watchdog"' },
    });
    const said = expect.stringMatching(/^a answers without its watchdog, alertname="Watchdog"/);
    expect(sightOf([lacking('a')], false)).toEqual({ kind: 'blind', lastSeenAtMs: 700, cause: said });
    expect(sightOf([lacking('a'), source('b', 'fresh')], false)).toMatchObject({
      kind: 'partial',
      lastSeenAtMs: 1_000,
      cause: said,
    });
    expect(sightOf([lacking('a'), lacking('b')], false).cause).toMatch(/So it is with 1 more\.$/);
    expect(sightOf([lacking('a'), source('b', 'stale')], false).kind).toBe('blind');
    expect(sightOf([lacking('prometheus'), source('a', 'fresh')], false).kind).toBe('partial');
    expect(sightOf([lacking('a')], true).cause).toBe('Safe mode: no source is asked.');
  });

  test('a local rule that cannot be evaluated is said, and nothing is live any more', () => {
    const failing = { count: 2, cause: 'no answer' };
    const sources = [source('a', 'fresh')];
    const cause = '2 local rules cannot be evaluated: no answer';
    expect(sightOf(sources, false, failing)).toMatchObject({ kind: 'partial', cause });
    const blind = sightOf([source('a', 'stale')], false, failing);
    expect(blind).toMatchObject({ kind: 'blind', cause: expect.stringMatching(`^a: .+ ${cause}$`) });
    expect(sightOf(sources, true, failing).cause).toBe('Safe mode: no source is asked.');
    expect(sightOf(sources, false, { count: 0, cause: '' }).kind).toBe('live');
  });

  const watching = { count: 2, failing: 0, source: 'prometheus', lastSeenAtMs: 9_000 };
  const unsure = { count: 2, cause: 'no answer' };
  const none = { count: 0, cause: '' };
  test.each<[string, SourceHealth[], Parameters<typeof sightOf>[2], Partial<typeof watching>, string]>([
    ['they are evaluated', [source('prometheus', 'fresh')], none, {}, 'rules-only'],
    ['their Prometheus is late', [source('prometheus', 'late')], none, {}, 'rules-only'],
    ['some fail', [source('prometheus', 'fresh')], { count: 1, cause: '' }, { failing: 1 }, 'partial'],
    ['all fail', [source('prometheus', 'fresh')], unsure, { failing: 2 }, 'blind'],
    ['their Prometheus is gone', [source('prometheus', 'stale')], none, {}, 'blind'],
    ['there is none to ask', [source('prometheus-b', 'fresh')], none, {}, 'unwatched'],
    ['there is no rule', [source('prometheus', 'fresh')], none, { count: 0 }, 'unwatched'],
    ['an Alertmanager is there too', [source('prometheus', 'fresh'), source('a', 'fresh')], none, {}, 'live'],
    ['an Alertmanager is gone', [source('prometheus', 'fresh'), source('a', 'stale')], none, {}, 'blind'],
  ])('local rules, and %s', (_name, sources, failing, part, kind) => {
    expect(sightOf(sources, false, failing, { ...watching, ...part }).kind).toBe(kind);
  });

  test('local rules alone have seen nothing before their first evaluation', () => {
    const first = { ...watching, lastSeenAtMs: null };
    expect(sightOf([source('prometheus', 'fresh')], false, none, first).kind).toBe('starting');
  });

  test('local rules alone say that they are alone, and when they saw last', () => {
    expect(sightOf([source('prometheus', 'fresh')], false, none, watching)).toEqual({
      kind: 'rules-only',
      lastSeenAtMs: 9_000,
      cause:
        'No Alertmanager is configured. prometheus has no alerts of its own to tell. Only the local rules watch.',
    });
    const lost = sightOf([source('prometheus', 'stale')], false, none, watching);
    expect(lost).toMatchObject({ lastSeenAtMs: 9_000, cause: expect.stringMatching(/^prometheus: /) });
  });

  test('only alerting rules that can be evaluated watch', () => {
    const rules = [
      rule({ lastSuccessAtMs: 4_000 }),
      rule({ health: 'error', lastSuccessAtMs: 3_000 }),
      rule({ kind: 'recording', lastSuccessAtMs: 9_000 }),
      rule({ health: 'unsupported' }),
    ];
    const group = { file: 'a.yaml', name: 'a', intervalMs: 1, lastEvaluatedAtMs: 1, lastSlotAtMs: 1 };
    const groups = [{ ...group, missedSlots: 0, rules }];
    expect(watchingRulesIn({ folder: '/rules', source: 'prometheus', groups, problems: [] })).toEqual({
      count: 2,
      failing: 1,
      source: 'prometheus',
      lastSeenAtMs: 4_000,
    });
  });

  test('safe mode is blind, whatever was seen before', () => {
    expect(sightOf([source('a', 'fresh')], true).kind).toBe('blind');
  });

  test('a source that never spoke is not fresh', () => {
    expect(isFresh(source('a', 'late', null))).toBe(false);
    expect(isFresh(undefined)).toBe(false);
    expect(isFresh(source('a', 'late'))).toBe(true);
  });
});
