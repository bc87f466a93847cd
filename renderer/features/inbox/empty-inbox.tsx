import { useLive } from '../../app.ts';
import type { ScreenSight } from '../../stores/sight.ts';
import { counted, plainText } from '#shared/text.ts';
import { Age } from '../../parts/age.tsx';
import { KeyChip } from '../../ui/key-chip.tsx';
import { inboxColumns, inboxHeads } from './inbox-row.tsx';
import styles from './inbox.module.css';
import empty from './empty-inbox.module.css';

interface EmptyInboxProps {
  /** Nothing has arrived yet. */
  readonly first: boolean;
  readonly filtered: boolean;
  readonly sight: ScreenSight;
}

/** The inbox without rows: one sentence and one key where the first row would be. */
export function EmptyInbox({ first, filtered, sight }: EmptyInboxProps) {
  return (
    <>
      <div className={empty.heads} style={{ gridTemplateColumns: inboxColumns }} aria-hidden="true">
        {inboxHeads(sight.kind === 'blind').map((head) => (
          <span key={head.name} className={head.end === true ? empty.end : undefined}>
            {head.name}
          </span>
        ))}
      </div>
      <p className={styles.message}>
        <Sentence first={first} filtered={filtered} sight={sight} />
      </p>
    </>
  );
}

function Sentence({ first, filtered, sight }: EmptyInboxProps) {
  const count = useLive((state) => state.sources?.length ?? 0);
  const hasPrometheus = useLive(({ sources }) => (sources ?? []).some(({ kind }) => kind === 'prometheus'));
  if (first) return <>{sight.cause === '' ? 'Asking the core for incidents.' : sight.cause}</>;
  if (filtered) {
    return (
      <>
        No incident matches the filter. <KeyChip chord="Escape" /> clears it.
      </>
    );
  }
  const sources = `${counted(count, 'source')} watched`;
  const seen = sight.lastSeenAtMs === null ? null : <Age sinceMs={sight.lastSeenAtMs} />;
  switch (sight.kind) {
    case 'live':
      return (
        <>
          Nothing fires. {sources}, last {seen} ago. <KeyChip chord="g o" /> shows them.
        </>
      );
    case 'partial':
      return (
        <>
          Nothing fires where the console can see; some sources of alerts do not answer.{' '}
          <KeyChip chord="g o" /> says which.
        </>
      );
    case 'starting':
      return <>The sources are being asked for the first time.</>;
    case 'rules-only':
      return (
        <>
          No local rule fires, evaluated {seen} ago. No Alertmanager is configured, so nothing else is
          watched. <KeyChip chord="g ," /> adds one.
        </>
      );
    case 'unwatched':
      return (
        <>
          {hasPrometheus ? plainText(sight.cause, 300) : 'No source of alerts is configured.'} Nothing is
          watched. <KeyChip chord="g ," /> adds one.
        </>
      );
    case 'cached':
      return <>Nothing fired {seen} ago. The core is being reached again.</>;
    case 'blind':
      return (
        <>
          Nothing fired when sight was lost{seen === null ? '' : <> {seen} ago</>}; nothing is known since.{' '}
          <KeyChip chord="r" /> tries now.
        </>
      );
  }
}
