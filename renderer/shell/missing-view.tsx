import { plainText } from '#shared/text.ts';
import { KeyChip } from '../ui/key-chip.tsx';
import styles from './view-boundary.module.css';

interface MissingViewProps {
  readonly reason: string;
  readonly onAgain: () => void;
}

/** In place of a view whose script could not be fetched. */
export function MissingView({ reason, onAgain }: MissingViewProps) {
  return (
    <div className={styles.broken} role="alert">
      <h1>This view could not be fetched</h1>
      <p>
        The console’s host does not hand out its script: it does not run, or it is of another version by now.
        The cause: <code>{plainText(reason, 300)}</code>
      </p>
      <p>
        <KeyChip chord="g i" /> goes to the inbox, <KeyChip chord="Enter" />{' '}
        <button type="button" autoFocus onClick={onAgain}>
          fetches it again
        </button>
        , and{' '}
        <button type="button" onClick={() => location.reload()}>
          a reload of the window
        </button>{' '}
        brings the host’s version.
      </p>
    </div>
  );
}
