import { drop } from '#shared/result.ts';
import { secondMs } from '#shared/time.ts';
import { toastMs } from '../actions/toasts.ts';
import { undo } from '../actions/incidents.ts';
import { useApp, useSession, useTimed } from '../app.ts';
import { plainText } from '#shared/text.ts';
import { Button } from '../ui/button.tsx';
import { classes } from '../ui/classes.ts';
import styles from './toast.module.css';

/** The ticker may lag by up to a second: never more is said than there was. */
function secondsLeft(endsAtMs: number, nowMs: number): number {
  return Math.min(toastMs / secondMs, Math.max(0, Math.ceil((endsAtMs - nowMs) / secondMs)));
}

/** What has just happened, and for how long it can be taken back. */
export function ToastLine() {
  const app = useApp();
  const toast = useSession((state) => state.toast);
  const besideTimeline = useSession((state) => state.view.kind === 'incident');
  const seconds = useTimed((nowMs) => secondsLeft(toast?.endsAtMs ?? 0, nowMs));
  return (
    <div
      className={classes(styles.place, besideTimeline && styles.besideTimeline)}
      role="status"
      aria-live="polite"
    >
      {toast === null ? null : (
        <div className={classes(styles.toast, toast.tone === 'failure' && styles.failure)}>
          <span>{plainText(toast.text, 400)}</span>
          {toast.undo === null ? null : (
            <>
              <Button chord="u" onClick={() => drop(undo(app), 'tells its own failure')}>
                Undo
              </Button>
              <span className={styles.seconds} aria-hidden="true">
                {seconds}s
              </span>
            </>
          )}
        </div>
      )}
    </div>
  );
}
