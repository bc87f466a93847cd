import { commandIds } from '../../keys/keymap.ts';
import { KeyList } from '../../parts/key-list.tsx';
import styles from './settings.module.css';

/** Every key of the console. */
export function KeysSection() {
  return (
    <div className={styles.scroll} tabIndex={0} role="group" aria-label="Keys">
      <KeyList commands={commandIds} />
    </div>
  );
}
