import { incidentName, type IncidentRow } from '#shared/model/incident.ts';
import { drop } from '#shared/result.ts';
import { openSilenceForm } from '../actions/silences.ts';
import { close, toggleAcknowledged, unmerge, wake } from '../actions/verdicts.ts';
import { follow, openOverlay } from '../actions/view.ts';
import { useApp } from '../app.ts';
import { Button } from '../ui/button.tsx';
import { isOpen } from './incident-words.ts';
import styles from './incident-actions.module.css';

interface IncidentActionsProps {
  readonly row: IncidentRow;
  readonly onNote: () => void;
  readonly onOpen?: () => void;
}

const told = 'tells its own failure';

/** What can be done about an incident, each with its key. Only the due action wears the accent. */
export function IncidentActions({ row, onNote, onOpen }: IncidentActionsProps) {
  const app = useApp();
  return (
    <div className={styles.actions}>
      {isOpen(row) ? <Verdicts row={row} /> : null}
      <Button chord="n" onClick={onNote}>
        Note
      </Button>
      {isOpen(row) && row.state === 'unseen' && row.mergedInto === null ? (
        <Button chord="c" onClick={() => drop(close(app, [row]), told)}>
          Close
        </Button>
      ) : null}
      {onOpen === undefined ? null : (
        // Beside a list all stand on one line: its key says what its word would.
        <Button chord="Enter" className={styles.open} aria-label="Open" title="Open" onClick={onOpen} />
      )}
    </div>
  );
}

/** Of one that is open: what is said of it, or, where it was merged, of the one that has its alerts. */
function Verdicts({ row }: { readonly row: IncidentRow }) {
  const app = useApp();
  const { mergedInto } = row;
  if (mergedInto !== null) {
    return (
      <>
        <Button onClick={() => follow(app, { kind: 'incident', id: mergedInto })}>
          Open {incidentName(mergedInto)}
        </Button>
        <Button chord="M" onClick={() => drop(unmerge(app, [row]), told)}>
          Take the merge back
        </Button>
      </>
    );
  }
  const asks = row.acknowledged === null && row.snoozed === null && row.noise === null;
  return (
    <>
      <Button chord="a" due={asks} onClick={() => drop(toggleAcknowledged(app, [row]), told)}>
        {row.acknowledged === null ? 'Acknowledge' : 'Release'}
      </Button>
      <Button chord="s" onClick={() => openSilenceForm(app, { kind: 'new', incidentIds: [row.id] })}>
        Silence
      </Button>
      {row.snoozed === null ? (
        <Button chord="z" onClick={() => openOverlay(app, 'snooze')}>
          Snooze
        </Button>
      ) : (
        <Button chord="z" onClick={() => drop(wake(app, [row]), told)}>
          Wake
        </Button>
      )}
    </>
  );
}
