import { useApp, useLive } from '../app.ts';
import { Glyph } from '../parts/glyphs.tsx';
import { runCommand } from './run-command.ts';
import styles from './status-line.module.css';

/** How much of what a person did has not arrived where it is to go; nothing where all of it has. */
export function OutboxCount() {
  const app = useApp();
  const outbox = useLive((state) => state.outbox) ?? [];
  const open = outbox.filter(({ state }) => state !== 'done' && state !== 'withdrawn');
  if (open.length === 0) return null;
  const asks = open.some(({ state }) => state === 'conflict' || state === 'failed');
  return (
    <button type="button" className={styles.outbox} onClick={() => runCommand(app, 'go.silences')}>
      <Glyph name={asks ? 'failed' : 'waiting'} /> Outbox {open.length}
      <span className="unseen">{asks ? ', needing you' : ', waiting to be sent'}</span>
    </button>
  );
}
