import { plainText } from '#shared/text.ts';
import { closeOverlay } from '../../actions/view.ts';
import { useApp } from '../../app.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import styles from './settings.module.css';

interface ForgetDialogProps {
  readonly name: string;
  /** The sources that refer to it. */
  readonly users: readonly string[];
}

/** Asks before a secret is forgotten: nobody can show it again, so there is nothing to take back. */
export function ForgetDialog({ name, users }: ForgetDialogProps) {
  const app = useApp();
  const close = (): void => closeOverlay(app);

  function forget(): void {
    app.host.send({ kind: 'forget-secret', name });
    close();
  }

  return (
    <Dialog title={`Forget ${name}?`} onClose={close}>
      <p className={styles.support}>
        {users.length === 0
          ? 'No source refers to it. '
          : `It is used by ${plainText(users.join(', '), 200)}, which cannot be asked without it. `}
        What it holds cannot be shown or brought back; it would have to be typed again.
      </p>
      <p className={styles.buttons}>
        <Button onClick={forget}>Forget</Button>
        <Button chord="Escape" onClick={close}>
          Keep
        </Button>
      </p>
    </Dialog>
  );
}
