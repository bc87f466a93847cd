import { describe, expect, test } from 'vitest';
import { unaskedHealth, type SourceHealth, type SourceState } from '#shared/model/source.ts';
import { isFresh, sightOf } from './sight.ts';

function source(name: string, state: SourceState, lastSuccessAtMs: number | null = 1_000): SourceHealth {
  const kind = name.startsWith('prometheus') ? 'prometheus' : 'alertmanager';
  return { ...unaskedHealth({ name, kind, url: '' }), state, lastSuccessAtMs };
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

  test('safe mode is blind, whatever was seen before', () => {
    expect(sightOf([source('a', 'fresh')], true).kind).toBe('blind');
  });

  test('a source that never spoke is not fresh', () => {
    expect(isFresh(source('a', 'late', null))).toBe(false);
    expect(isFresh(undefined)).toBe(false);
    expect(isFresh(source('a', 'late'))).toBe(true);
  });
});
