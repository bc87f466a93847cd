import { BellOff } from 'lucide-react';
import { localRulesSource } from '#shared/model/rule.ts';
import { plainText } from '#shared/text.ts';
import { formatClock } from '#shared/time.ts';
import type { IncidentRow } from '#shared/model/incident.ts';
import { useLive, useSession } from '../../app.ts';
import { ageEndMs, isOpen } from '../../parts/incident-words.ts';
import { initialsOf } from '../../parts/person.ts';
import { SilenceSign } from '../../parts/silence-sign.tsx';
import { SeverityTag } from '../../parts/severity-tag.tsx';
import { Glyph } from '../../parts/glyphs.tsx';
import { Age } from '../../parts/age.tsx';
import { classes } from '../../ui/classes.ts';
import type { GridHead } from '../../ui/long-rows.tsx';
import { Barcode } from './barcode.tsx';
import { asksNow, type RowItem } from './inbox-items.ts';
import { MutedTag, muteOf, type Mute } from './muted-tag.tsx';
import styles from './inbox.module.css';

/** Set by the width of the list: see the style sheet. */
export const inboxColumns = 'var(--inbox-columns)';

export function inboxHeads(blind: boolean): readonly GridHead[] {
  return [
    { name: blind ? 'Last known' : 'Severity' },
    { name: 'Incident' },
    { name: 'Service' },
    { name: blind ? 'Last seen' : 'Summary' },
    { name: 'Last 24 h' },
    { name: 'Alerts', end: true },
    { name: blind ? 'Had fired' : 'Firing', end: true },
    { name: 'Owner', end: true },
  ];
}

/** The cells of an incident's row. */
export function InboxRowCells({ item, blind }: { readonly item: RowItem; readonly blind: boolean }) {
  const { row, signs } = item;
  const mute = muteOf(row, signs);
  const asks = mute === null && asksNow(row);
  return (
    <>
      <span role="gridcell" className={styles.severity}>
        <Mark id={row.id} />
        {mute === null || blind ? <SeverityTag row={row} blind={blind} /> : <MutedTag mute={mute} />}
      </span>
      <span role="gridcell" className={classes(styles.title, asks && styles.asks)}>
        <span className={styles.name}>{plainText(row.title, 120)}</span>{' '}
        {row.sources.includes(localRulesSource) ? <span className={styles.local}>local</span> : null}
        {blind ? null : <SourceSign sources={row.sources} />}
        <SilenceSign incidentId={row.id} />
      </span>
      <span role="gridcell" className={classes('mono', styles.service)}>
        {plainText(row.service, 60)}
      </span>
      <span role="gridcell" className={classes(styles.summary, asks ? styles.value : styles.support)}>
        <Summary row={row} mute={blind ? null : mute} blind={blind} />
      </span>
      <span role="gridcell" className={styles.spark}>
        <Barcode row={row} signs={signs} blind={blind} asks={asks} />
      </span>
      <span role="gridcell" className={classes('mono', styles.alerts, asks && styles.value)}>
        {row.alertCount}
        <span className={styles.unit}>{row.alertCount === 1 ? ' alert' : ' alerts'}</span>
      </span>
      <span role="gridcell" className={classes('mono', styles.firing, asks && styles.value)}>
        <FiringAge row={row} blind={blind} />
      </span>
      <span role="gridcell" className={classes(styles.owned, styles.support)}>
        <Owner row={row} blind={blind} />
      </span>
    </>
  );
}

/** Verdicts are given on all that are marked. */
function Mark({ id }: { readonly id: number }) {
  const isMarked = useSession((state) => state.marked.has(id));
  return isMarked ? (
    <span className={styles.mark}>
      <span className="unseen">Marked: </span>
    </span>
  ) : null;
}

/** Where none of its sources is fresh now, what the row says is old. */
function SourceSign({ sources }: { readonly sources: readonly string[] }) {
  const silent = useLive((state) => {
    const known = (state.sources ?? []).filter(({ name }) => sources.includes(name));
    const stale = known.filter(({ state: health }) => health === 'stale' || health === 'paused');
    return stale.map(({ name }) => name).join(', ');
  });
  if (silent === '') return null;
  return (
    <span className={styles.sign}>
      <Glyph name="cached" />
      <span className="unseen">, {plainText(silent, 80)} does not answer</span>
    </span>
  );
}

interface SummaryProps {
  readonly row: IncidentRow;
  readonly mute: Mute | null;
  readonly blind: boolean;
}

function Summary({ row, mute, blind }: SummaryProps) {
  const { resolvedAtMs, startsAtMs, state, forgotten, snoozed } = row;
  if (resolvedAtMs === null) {
    return (
      <>
        {mute === null ? null : `${row.severity.word}, ${mute.by === '' ? 'muted' : mute.by} · `}
        {snoozed === null ? null : `${wakes(snoozed.untilMs)} · `}
        {forgotten === null ? null : (
          <span className={styles.again}>
            {initialsOf(forgotten.by)} had it, and it came back {minuteOf(forgotten.cameBackAtMs)} ·{' '}
          </span>
        )}
        {plainText(row.summary, 300)}
      </>
    );
  }
  if (state !== 'resolved') return <>closed {minuteOf(resolvedAtMs)}, never seen resolved</>;
  if (blind) {
    return (
      <>
        last fired {minuteOf(startsAtMs)} to {minuteOf(resolvedAtMs)}
      </>
    );
  }
  return (
    <>
      resolved {minuteOf(resolvedAtMs)} after <Age sinceMs={startsAtMs} untilMs={resolvedAtMs} />
    </>
  );
}

function wakes(untilMs: number | null): string {
  return untilMs === null ? 'returns when it gets worse' : `returns ${minuteOf(untilMs)}`;
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
  const { acknowledged, assignedTo, snoozed, noise, holdsSilence } = row;
  if (snoozed !== null) return <Person name={snoozed.by} word={untilWord(snoozed.untilMs)} />;
  if (noise !== null) return <Person name={noise.by} word="noise" />;
  if (acknowledged === null) {
    if (assignedTo !== null) return <Person name={assignedTo} word="is to" />;
    return <span className={styles.label}>{isOpen(row) ? 'nobody' : '–'}</span>;
  }
  const holder = assignedTo ?? acknowledged.by;
  return (
    <>
      {holdsSilence ? (
        <>
          <BellOff size={12} strokeWidth={1.75} aria-hidden="true" />
          <span className="unseen">silenced while acknowledged, </span>{' '}
        </>
      ) : null}
      <strong className={styles.owner}>{initialsOf(holder)}</strong>{' '}
      {blind ? null : <Age sinceMs={acknowledged.atMs} short />}
    </>
  );
}

function untilWord(untilMs: number | null): string {
  return untilMs === null ? 'if worse' : `until ${minuteOf(untilMs)}`;
}

function Person({ name, word }: { readonly name: string; readonly word: string }) {
  return (
    <>
      <strong className={styles.owner}>{initialsOf(name)}</strong> {word}
    </>
  );
}
