import { useMemo } from 'react';
import { incidentName, type IncidentRow } from '#shared/model/incident.ts';
import { plainText } from '#shared/text.ts';
import { follow, openOverlay } from '../../actions/view.ts';
import { useApp, useLive, useSession } from '../../app.ts';
import { withPending } from '../../stores/pending.ts';
import { Button } from '../../ui/button.tsx';
import styles from './incident.module.css';

const mostNamed = 4;
const none: readonly IncidentRow[] = [];

/** Whose alerts it has beside its own, each a step away, and how to give them back. */
export function MergedLine({ id }: { readonly id: number }) {
  const app = useApp();
  const rows = useLive((state) => state.incidents) ?? none;
  const pending = useSession((state) => state.pending);
  const merged = useMemo(
    () => withPending(rows, pending).filter(({ mergedInto }) => mergedInto === id),
    [rows, pending, id],
  );
  if (merged.length === 0) return null;
  const rest = merged.length - mostNamed;
  return (
    <div className={styles.merged}>
      <span>Has the alerts of</span>
      {merged.slice(0, mostNamed).map((row) => (
        <Button key={row.id} onClick={() => follow(app, { kind: 'incident', id: row.id })}>
          {incidentName(row.id)} {plainText(row.title, 40)}
        </Button>
      ))}
      {rest > 0 ? <span>and {rest} more</span> : null}
      <Button chord="M" onClick={() => openOverlay(app, 'unmerge')}>
        Take out
      </Button>
    </div>
  );
}
