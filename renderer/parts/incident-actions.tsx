import type { IncidentRow } from '#shared/model/incident.ts';
import { drop } from '#shared/result.ts';
import { closeIncident, toggleAcknowledged } from '../actions/incidents.ts';
import { useApp } from '../app.ts';
import { Button } from '../ui/button.tsx';
import { isOpen } from './incident-words.ts';
import styles from './incident-actions.module.css';

interface IncidentActionsProps {
  readonly row: IncidentRow;
  readonly onNote: () => void;
  readonly onOpen?: () => void;
}

/** What can be done about an incident, each with its key. Only the due action wears the accent. */
export function IncidentActions({ row, onNote, onOpen }: IncidentActionsProps) {
  const app = useApp();
  const taken = row.acknowledged !== null;
  return (
    <div className={styles.actions}>
      {isOpen(row) ? (
        <Button
          chord="a"
          due={!taken}
          onClick={() => drop(toggleAcknowledged(app, row.id), 'tells its own failure')}
        >
          {taken ? 'Release' : 'Acknowledge'}
        </Button>
      ) : null}
      <Button chord="n" onClick={onNote}>
        Note
      </Button>
      {isOpen(row) && row.state === 'unseen' ? (
        <Button chord="c" onClick={() => drop(closeIncident(app, row.id), 'tells its own failure')}>
          Close
        </Button>
      ) : null}
      {onOpen === undefined ? null : (
        <Button chord="Enter" onClick={onOpen}>
          Open
        </Button>
      )}
    </div>
  );
}
