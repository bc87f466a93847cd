import { Check } from 'lucide-react';
import type { OutboxEntry, Silence } from '#shared/model/silence.ts';
import { plainText } from '#shared/text.ts';
import { formatClock } from '#shared/time.ts';
import { useTimed } from '../../app.ts';
import { Age, Until } from '../../parts/age.tsx';
import { Glyph } from '../../parts/glyphs.tsx';
import { classes } from '../../ui/classes.ts';
import type { GridHead } from '../../ui/row-grid.tsx';
import { MatcherTokens } from './matcher-tokens.tsx';
import { standingOf, verbOf } from './outbox-words.ts';
import type { ListItem } from './silence-list.ts';
import styles from './silences.module.css';

/** The cells of the rows of silences. The widths are the view's, which has fewer columns where it is narrow. */
export const columns = 'var(--silence-columns)';

export function headsOf(blind: boolean): readonly GridHead[] {
  return [
    { name: 'Mark' },
    { name: 'Matchers' },
    { name: blind ? 'Hid' : 'Hides', end: true },
    { name: 'By' },
    { name: 'Comment' },
    { name: 'Ends', end: true },
    { name: 'Where', end: true },
  ];
}

export function HeadingCells({ item }: { readonly item: Extract<ListItem, { kind: 'heading' }> }) {
  return (
    <span role="gridcell" aria-colspan={7} className={styles.heading}>
      <strong>{item.title}</strong>
      <span className={styles.faint}>{item.count}</span>
      <span className={styles.order}>{item.order}</span>
    </span>
  );
}

interface SilenceCellsProps {
  readonly silence: Silence;
  readonly isMarked: boolean;
  /** None of the servers that have it is seen now. */
  readonly isStale: boolean;
  readonly blind: boolean;
}

export function SilenceCells({ silence, isMarked, isStale, blind }: SilenceCellsProps) {
  const quiet = silence.state === 'expired';
  return (
    <>
      <span role="gridcell" className={styles.first}>
        {isMarked ? (
          <>
            <Check size={14} strokeWidth={2} aria-hidden="true" className={styles.mark} />
            <span className="unseen">marked</span>
          </>
        ) : null}
      </span>
      <span role="gridcell" className={styles.tokens}>
        <MatcherTokens matchers={silence.matchers} />
      </span>
      <span role="gridcell" className={classes('mono', styles.end, quiet && styles.faint)}>
        {quiet ? '–' : silence.silencedCount}
      </span>
      <span role="gridcell" className={classes(styles.by, styles.support)}>
        {plainText(silence.createdBy, 60)}
      </span>
      <span role="gridcell" className={classes(styles.comment, styles.support)}>
        <CareWord care={silence.care} />
        {plainText(silence.comment, 200)}
      </span>
      <span role="gridcell" className={classes('mono', styles.end, quiet ? styles.faint : undefined)}>
        <EndCell silence={silence} blind={blind} />
      </span>
      <span role="gridcell" className={classes(styles.where, styles.end)}>
        <Where silence={silence} isStale={isStale} />
      </span>
    </>
  );
}

const careWords = { acknowledgement: 'renews itself', 'self-ending': 'ends by itself' } as const;

function CareWord({ care }: Pick<Silence, 'care'>) {
  return care === null ? null : <span className={styles.care}>{careWords[care]} · </span>;
}

function EndCell({ silence, blind }: Pick<SilenceCellsProps, 'silence' | 'blind'>) {
  const isOver = useTimed((nowMs) => nowMs >= silence.endsAtMs);
  if (silence.state === 'expired' || (isOver && !blind)) {
    return (
      <>
        <Age sinceMs={silence.endsAtMs} /> ago
      </>
    );
  }
  // Nobody has seen whether it was ended before or put off.
  if (blind) return <>was {formatClock(silence.endsAtMs).slice(0, 5)}</>;
  if (silence.state === 'pending') {
    return (
      <>
        starts <Until atMs={silence.startsAtMs} />
      </>
    );
  }
  return <Until atMs={silence.endsAtMs} />;
}

function Where({ silence, isStale }: Pick<SilenceCellsProps, 'silence' | 'isStale'>) {
  const { sources, missingFrom, heardAtMs } = silence;
  if (isStale) {
    return (
      <span className={styles.stale}>
        <Glyph name="cached" /> <Age sinceMs={heardAtMs} /> ago
      </span>
    );
  }
  if (missingFrom.length > 0) {
    return (
      <span className={styles.missing} title={plainText(missingFrom.join(', '), 400)}>
        missing at {plainText(missingFrom.join(', '), 80)}
      </span>
    );
  }
  return <span className={styles.support}>{plainText(sources.join(', '), 80)}</span>;
}

interface EntryCellsProps {
  readonly entry: OutboxEntry;
  /** What it changes or ends, where that is known here. */
  readonly subject: Silence | undefined;
}

export function EntryCells({ entry, subject }: EntryCellsProps) {
  const { request, state } = entry;
  const matchers = request.kind === 'expire' ? (subject?.matchers ?? []) : request.draft.matchers;
  const asks = state === 'conflict' || state === 'failed';
  return (
    <>
      <span role="gridcell" className={styles.first}>
        <Glyph name={asks ? 'failed' : 'waiting'} />
      </span>
      <span role="gridcell" className={styles.tokens}>
        <strong>{verbOf(entry)}</strong>
        <MatcherTokens matchers={matchers} />
        {matchers.length === 0 && request.kind === 'expire' ? <code>{plainText(request.id, 40)}</code> : null}
      </span>
      <span role="gridcell" aria-colspan={5} className={classes(styles.standing, asks && styles.asks)}>
        <Standing entry={entry} />
      </span>
    </>
  );
}

/** How it stands, with what is left of its ten seconds. */
export function Standing({ entry }: { readonly entry: OutboxEntry }) {
  return <>{useTimed((nowMs) => standingOf(entry, nowMs))}</>;
}
