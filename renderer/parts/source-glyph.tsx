import type { SourceHealth } from '#shared/model/source.ts';
import { Glyph, type GlyphName } from './glyphs.tsx';

const words = {
  starting: 'asking',
  fresh: 'fresh',
  late: 'late',
  stale: 'stale',
  paused: 'paused',
} as const satisfies Record<SourceHealth['state'], string>;

/** How a source is, in one word. */
export function wordOfSource({ state, missingWatchdog }: Pick<SourceHealth, 'state' | 'missingWatchdog'>) {
  return isAnswering(state) && missingWatchdog !== null ? 'blind' : words[state];
}

function isAnswering(state: SourceHealth['state']): boolean {
  return state === 'fresh' || state === 'late';
}

/** @param blind no source of alerts is seen at all: a stale one is blind, not merely cached. */
export function SourceGlyph({
  state,
  blind,
}: {
  readonly state: SourceHealth['state'];
  readonly blind: boolean;
}) {
  return <Glyph name={glyphOf(state, blind)} />;
}

function glyphOf(state: SourceHealth['state'], blind: boolean): GlyphName {
  switch (state) {
    case 'fresh':
      return blind ? 'blind' : 'ok';
    case 'late':
      return blind ? 'blind' : 'cached';
    case 'stale':
      return blind ? 'blind' : 'cached';
    case 'starting':
      return 'waiting';
    case 'paused':
      return 'muted';
  }
}
