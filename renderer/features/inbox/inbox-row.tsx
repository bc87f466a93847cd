import type { IncidentRow } from '#shared/model/incident.ts';
import { localRulesSource } from '#shared/model/rule.ts';
import { plainText } from '#shared/text.ts';
import { formatClock } from '#shared/time.ts';
import { ageEndMs, isOpen } from '../../parts/incident-words.ts';
import { initialsOf } from '../../parts/person.ts';
import { SeverityTag } from '../../parts/severity-tag.tsx';
import { Age } from '../../parts/age.tsx';
import { classes } from '../../ui/classes.ts';
import type { GridHead } from '../../ui/row-grid.tsx';
import type { SectionItem } from './inbox-items.ts';
import styles from './inbox.module.css';

export const inboxColumns = '88px 176px 80px minmax(0, 1fr) 48px 80px 96px';

export function inboxHeads(blind: boolean): readonly GridHead[] {
  return [
    { name: blind ? 'Last known' : 'Severity' },
    { name: 'Incident' },
    { name: 'Service' },
    { name: blind ? 'Last seen' : 'Summary' },
    { name: 'Alerts', end: true },
    { name: blind ? 'Had fired' : 'Firing', end: true },
    { name: 'Owner', end: true },
  ];
}

/** The cells of an incident's row. */
export function InboxRowCells({ row, blind }: { readonly row: IncidentRow; readonly blind: boolean }) {
  const open = isOpen(row);
  const asks = open && row.state !== 'suppressed' && row.acknowledged === null;
  return (
    <>
      <span role="gridcell" className={styles.severity}>
        <SeverityTag row={row} blind={blind} />
      </span>
      <span role="gridcell" className={classes(styles.title, asks && styles.asks)}>
        <span className={styles.name}>{plainText(row.title, 120)}</span>{' '}
        {row.sources.includes(localRulesSource) ? <span className={styles.local}>local</span> : null}
      </span>
      <span role="gridcell" className={classes('mono', styles.support)}>
        {plainText(row.service, 60)}
      </span>
      <span role="gridcell" className={classes(asks ? styles.value : styles.support)}>
        <Summary row={row} blind={blind} />
      </span>
      <span role="gridcell" className={classes('mono', styles.number, asks && styles.value)}>
        {row.alertCount}
      </span>
      <span role="gridcell" className={classes('mono', styles.number, asks && styles.value)}>
        <FiringAge row={row} blind={blind} />
      </span>
      <span role="gridcell" className={classes(styles.number, styles.support)}>
        <Owner row={row} blind={blind} />
      </span>
    </>
  );
}

function Summary({ row, blind }: { readonly row: IncidentRow; readonly blind: boolean }) {
  if (row.resolvedAtMs === null) return <>{plainText(row.summary, 300)}</>;
  if (row.state !== 'resolved') return <>closed {minuteOf(row.resolvedAtMs)}, never seen resolved</>;
  const span = <Age sinceMs={row.startsAtMs} untilMs={row.resolvedAtMs} />;
  return blind ? (
    <>
      last fired {minuteOf(row.startsAtMs)} to {minuteOf(row.resolvedAtMs)}
    </>
  ) : (
    <>
      resolved {minuteOf(row.resolvedAtMs)} after {span}
    </>
  );
}

/** `03:12`: enough for what is over, and not cut in a narrow window. */
function minuteOf(atMs: number): string {
  return formatClock(atMs).slice(0, 5);
}

function FiringAge({ row, blind }: { readonly row: IncidentRow; readonly blind: boolean }) {
  if (!isOpen(row)) return <>–</>;
  const endMs = ageEndMs(row, blind);
  return (
    <>
      {endMs === null ? '' : '≥ '}
      <Age sinceMs={row.startsAtMs} untilMs={endMs} />
    </>
  );
}

function Owner({ row, blind }: { readonly row: IncidentRow; readonly blind: boolean }) {
  if (row.acknowledged === null) {
    return <span className={styles.label}>{isOpen(row) ? 'nobody' : '–'}</span>;
  }
  return (
    <>
      <strong className={styles.owner}>{initialsOf(row.acknowledged.by)}</strong>{' '}
      {blind ? null : <Age sinceMs={row.acknowledged.atMs} short />}
    </>
  );
}

export function SectionCells({ section }: { readonly section: SectionItem }) {
  return (
    <span role="gridcell" aria-colspan={7} className={styles.section}>
      <strong>{section.title}</strong>
      <span className={styles.label}>{section.count}</span>
      <span className={styles.order}>{section.order}</span>
    </span>
  );
}
