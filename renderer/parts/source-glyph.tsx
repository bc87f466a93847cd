import type { SourceHealth } from '#shared/model/source.ts';
import { Glyph, type GlyphName } from './glyphs.tsx';

/** How a source is, in one word. */
export const wordOfSourceState = {
  starting: 'asking',
  fresh: 'fresh',
  late: 'late',
  stale: 'stale',
  paused: 'paused',
} as const satisfies Record<SourceHealth['state'], string>;

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
