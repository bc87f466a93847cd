import { useState } from 'react';
import type { SettingsView } from '#shared/model/settings.ts';
import { drop } from '#shared/result.ts';
import { plainText } from '#shared/text.ts';
import { tell, tellFailure } from '../../actions/toasts.ts';
import { closeOverlay } from '../../actions/view.ts';
import { useApp } from '../../app.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import styles from './settings.module.css';

interface RemoveDialogProps {
  readonly name: string;
  readonly path: string;
  readonly onRemoved: (settings: SettingsView) => void;
}

/** Asks before a source is taken out of the configuration file: this is not undone by a key. */
export function RemoveDialog({ name, path, onRemoved }: RemoveDialogProps) {
  const app = useApp();
  const [sending, setSending] = useState(false);

  async function remove(): Promise<void> {
    setSending(true);
    const answer = await app.core.call('settings.removeSource', { name });
    closeOverlay(app);
    if (!answer.ok) return tellFailure(app, `remove ${name}`, answer.failure);
    onRemoved(answer.value);
    tell(app, { tone: 'plain', text: `Removed ${name}`, undo: null });
  }

  return (
    <Dialog title={`Remove ${plainText(name, 64)}?`} onClose={() => closeOverlay(app)}>
      <p className={styles.support}>
        It is taken out of <code>{plainText(path, 200)}</code>. Its incidents stay in the journal; nothing
        watches it any more.
      </p>
      <p className={styles.buttons}>
        <Button disabled={sending} onClick={() => drop(remove(), 'tells its own failure')}>
          Remove
        </Button>
        <Button chord="Escape" onClick={() => closeOverlay(app)}>
          Keep
        </Button>
      </p>
    </Dialog>
  );
}
