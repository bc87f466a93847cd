import {
  AlarmClock,
  AlertTriangle,
  Bell,
  BellOff,
  Camera,
  Check,
  Clock,
  Eye,
  EyeOff,
  ListChecks,
  type LucideIcon,
  Merge,
  NotebookPen,
  Split,
  Undo2,
  UserRound,
  UserRoundCheck,
  UserRoundX,
  VolumeX,
  Volume2,
  X,
} from 'lucide-react';
import {
  incidentName,
  type IncidentRow,
  type TimelineEntry,
  type TimelineKind,
} from '#shared/model/incident.ts';
import { stepWords } from '#shared/model/runbook.ts';
import { plainText } from '#shared/text.ts';
import { formatClock, formatDateTime, formatSpan } from '#shared/time.ts';
import { Glyph } from '../../parts/glyphs.tsx';
import { classes } from '../../ui/classes.ts';
import styles from './timeline.module.css';

const iconOf: Readonly<Partial<Record<TimelineKind, LucideIcon>>> = {
  'alert-suppressed': VolumeX,
  'alert-active': Volume2,
  'severity-changed': AlertTriangle,
  'sight-lost': EyeOff,
  'sight-regained': Eye,
  notified: Bell,
  'notification-opened': Eye,
  'notification-snoozed': BellOff,
  acknowledged: UserRoundCheck,
  released: UserRoundX,
  undone: Undo2,
  note: NotebookPen,
  'runbook-step': ListChecks,
  evidence: Camera,
  'alert-resolved': Check,
  closed: X,
  snoozed: Clock,
  woken: AlarmClock,
  forgotten: AlarmClock,
  assigned: UserRound,
  noise: VolumeX,
  merged: Merge,
  split: Split,
};

const toldWithName: ReadonlySet<TimelineKind> = new Set(['note', 'runbook-step']);

/** Everything that happened, oldest first, each with its distance from the fire. */
export function Timeline({
  entries,
  row,
}: {
  readonly entries: readonly TimelineEntry[];
  readonly row: IncidentRow;
}) {
  return (
    <ol className={styles.timeline}>
      {entries.map((entry) => (
        <li key={entry.id} className={classes(styles.entry, entry.kind === 'note' && styles.note)}>
          <time
            className={styles.time}
            dateTime={new Date(entry.atMs).toISOString()}
            title={formatDateTime(entry.atMs)}
          >
            {formatClock(entry.atMs)}
          </time>
          <span className={styles.offset}>{offsetFrom(row.startsAtMs, entry.atMs)}</span>
          <span className={styles.glyph}>
            <EntryGlyph entry={entry} row={row} />
          </span>
          <span className={styles.what}>
            <span
              className={classes(entry.kind === 'opened' && entry.of === null && styles[row.severity.level])}
            >
              {entry.of === null ? null : <span className={styles.of}>{incidentName(entry.of)} </span>}
              {plainText(entry.text, 400)}
              {!toldWithName.has(entry.kind) || entry.by === '' ? null : ` by ${plainText(entry.by, 60)}`}
            </span>
            {entry.detail === '' ? null : (
              <span className={styles.detail}>{plainText(detailOf(entry), 10_000)}</span>
            )}
          </span>
        </li>
      ))}
    </ol>
  );
}

function detailOf(entry: TimelineEntry): string {
  return entry.kind === 'runbook-step' ? stepWords(entry) : entry.detail;
}

function EntryGlyph({ entry, row }: { readonly entry: TimelineEntry; readonly row: IncidentRow }) {
  // How bad a merged one was is in its own words: this row says how bad they are together.
  if (entry.kind === 'opened' && entry.of === null) return <Glyph name={row.severity.level} />;
  if (entry.kind === 'resolved') return <Glyph name="ok" />;
  const Icon = iconOf[entry.kind];
  if (Icon === undefined) return <span className={styles.dot} />;
  return <Icon size={14} strokeWidth={1.75} aria-hidden="true" />;
}

function offsetFrom(startMs: number, atMs: number): string {
  const distanceMs = atMs - startMs;
  if (Math.abs(distanceMs) < 1_000) return '0';
  return `${distanceMs < 0 ? '-' : '+'}${formatSpan(Math.abs(distanceMs))}`;
}
