import type { RouteRow } from '#shared/model/routing.ts';
import { plainText } from '#shared/text.ts';
import { LabelToken } from '../../parts/label-token.tsx';
import { momentText } from './paging-words.ts';
import { groupText, intervalText, outcomeWord, spanText, type TakenRow } from './route-rows.ts';
import styles from './routing.module.css';

interface RouteDetailProps {
  readonly route: RouteRow;
  readonly taken: TakenRow;
  /** The moment that the answer is about. */
  readonly atMs: number;
}

/** One route whole: what it takes, whom it tells and when, and what becomes of the alert that is asked about. */
export function RouteDetail({ route, taken, atMs }: RouteDetailProps) {
  const { delivery } = taken;
  return (
    <aside className={styles.detail} aria-label="Route">
      <h2>{plainText(route.receiver, 120) || 'No receiver'}</h2>
      <p className={styles.faint}>
        {route.integrations.length === 0 ? 'tells nobody' : `by ${route.integrations.join(', ')}`}, line{' '}
        {route.line}
      </p>
      <p className={styles.tokens}>
        <Matchers route={route} most={50} />
      </p>
      <dl className={styles.facts}>
        {taken.isPath || delivery !== null ? (
          <>
            <dt>The alert</dt>
            <dd>
              <strong>{taken.isPath ? 'passes it on the way' : outcomeWord(taken)}</strong>
              {delivery?.earliestAtMs == null
                ? ''
                : `, first ${delivery.earliestAtMs <= atMs ? 'told' : 'to be told'} at ${momentText(delivery.earliestAtMs, atMs)}`}
            </dd>
          </>
        ) : null}
        <dt>Grouped by</dt>
        <dd>{groupText(route)}</dd>
        <dt>Waits</dt>
        <dd>{spanText(route.groupWaitMs)} for others of its group</dd>
        <dt>Looks again</dt>
        <dd>each {spanText(route.groupIntervalMs)}</dd>
        <dt>Repeats</dt>
        <dd>after {spanText(route.repeatIntervalMs)}</dd>
        <dt>Time</dt>
        <dd>{intervalText(route) || 'at all times'}</dd>
        <dt>Then</dt>
        <dd>{route.goesOn ? 'the next routes are asked too' : 'no other route beside it is asked'}</dd>
      </dl>
    </aside>
  );
}

/** What a route takes, as tokens. */
export function Matchers({ route, most }: { readonly route: RouteRow; readonly most: number }) {
  if (route.unreadable) return <span className={styles.fault}>cannot be read, takes nothing</span>;
  if (route.matchers.length === 0) return <span className={styles.faint}>every alert</span>;
  const others = route.matchers.length - most;
  return (
    <>
      {route.matchers.slice(0, most).map((matcher, index) => (
        <LabelToken key={index} {...matcher} />
      ))}
      {others > 0 ? <span className={styles.faint}>+{others}</span> : null}
    </>
  );
}
