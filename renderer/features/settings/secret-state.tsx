import type { SettingsView } from '#shared/model/settings.ts';
import { plainText } from '#shared/text.ts';
import { Glyph } from '../../parts/glyphs.tsx';
import styles from './settings.module.css';

type Secrets = SettingsView['sources'][number]['secrets'];

/** References to secrets and whether each could be read; never what they hold. */
export function SecretState({ secrets }: { readonly secrets: Secrets }) {
  return secrets.map(({ reference, found }) => (
    <span key={reference} className={styles.secret}>
      {found ? null : <Glyph name="failed" />}
      {found ? 'found' : 'missing'} <code>{plainText(reference, 120)}</code>
    </span>
  ));
}
