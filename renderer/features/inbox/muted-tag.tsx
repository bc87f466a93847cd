import type { IncidentSigns } from '#shared/model/incident-signs.ts';
import type { IncidentRow } from '#shared/model/incident.ts';
import { plainText } from '#shared/text.ts';
import { Glyph } from '../../parts/glyphs.tsx';
import styles from './inbox.module.css';

/** Why a muted incident does not notify: the word in place of its severity, and by what. */
export interface Mute {
  readonly word: 'Silenced' | 'Inhibited' | 'Off hours' | 'Muted';
  readonly by: string;
}

/** @returns null where it is not muted. Blind, only what its row says is known, and not by what. */
export function muteOf(row: IncidentRow, signs: IncidentSigns | undefined): Mute | null {
  if (row.resolvedAtMs !== null) return null;
  if (signs !== undefined && signs.mutedBy.length > 0 && row.state === 'firing') {
    return { word: 'Off hours', by: `by ${listed(signs.mutedBy)}` };
  }
  if (row.state !== 'suppressed') return null;
  if (signs !== undefined && signs.silencedBy.length > 0) {
    return { word: 'Silenced', by: `silence ${listed(signs.silencedBy.map((id) => id.slice(0, 8)))}` };
  }
  if (signs !== undefined && signs.inhibitedBy.length > 0) {
    return { word: 'Inhibited', by: `by ${listed(signs.inhibitedBy)}` };
  }
  return { word: 'Muted', by: '' };
}

function listed(names: readonly string[]): string {
  const rest = names.length - 2;
  return plainText(names.slice(0, 2).join(', '), 80) + (rest > 0 ? ` and ${rest} more` : '');
}

export function MutedTag({ mute }: { readonly mute: Mute }) {
  return (
    <span className={styles.muted}>
      <Glyph name="muted" />
      {mute.word}
    </span>
  );
}
