import { plainText } from '#shared/text.ts';
import { formatClock } from '#shared/time.ts';
import { millisecondsOf } from '#shared/model/log.ts';
import { useApp, useLive } from '../../app.ts';
import { hatching } from '../../parts/cached-note.tsx';
import { isReachable } from '../../stores/live.ts';
import { Button } from '../../ui/button.tsx';
import { classes } from '../../ui/classes.ts';
import { Repair } from './failure-note.tsx';
import { moveCursor } from './logs-actions.ts';
import styles from './logs.module.css';
import { useLogs } from './use-logs.ts';

const wordOfState = {
  connecting: 'Tail is connecting',
  live: 'Following',
  recovering: 'Following; dropped lines are being fetched',
  waiting: 'Tail is lost and tried again',
  ended: 'Tail has ended',
} as const;

/** At the foot of a live tail: whether it follows or is held, and what waits below. */
export function TailBar() {
  const app = useApp();
  const state = useLogs((logs) => logs.tail);
  const isLineFailure = useLogs((logs) => logs.failure !== null);
  const last = useLogs((logs) => logs.shown.lines.at(-1));
  const reachable = useLive(isReachable);
  if (state === null) return null;
  const { tail, held } = state;
  // Lost is also what the core would tell, while the core does not answer.
  const isLost = tail !== null && (!reachable || tail.state === 'waiting' || tail.state === 'ended');
  const support = classes(styles.support, hatching.pad);
  const failure = state.failure ?? tail?.failure ?? null;
  const waiting = held === null || tail === null ? 0 : tail.received - held.received;
  return (
    <footer className={classes(styles.tail, isLost && hatching.head)} aria-label="Live tail">
      <p role="status">
        {held === null ? (
          <span className={hatching.pad}>
            {tail === null
              ? state.failure === null
                ? wordOfState.connecting
                : 'No tail'
              : reachable
                ? wordOfState[tail.state]
                : 'Tail stands still: the core does not answer'}
          </span>
        ) : (
          <>
            <span className={hatching.pad}>
              View held{last === undefined ? '' : ` at ${formatClock(millisecondsOf(last.timeNs))}`} while you
              read
            </span>
            <span className={support}>
              <strong>{waiting}</strong> newer lines wait below
            </span>
          </>
        )}
        {tail === null || tail.dropped === 0 ? null : (
          <span className={support}>
            {`${tail.dropped} dropped, ${tail.recovered} of them fetched since`}
          </span>
        )}
        {failure === null ? null : (
          <span className={support}>
            {plainText(failure.message, 200)}. {plainText(failure.nextStep, 200)}
          </span>
        )}
      </p>
      {failure === null || isLineFailure ? null : <Repair />}
      {held === null ? null : (
        <Button chord="G" onClick={() => moveCursor(app, Number.POSITIVE_INFINITY)}>
          Follow
        </Button>
      )}
    </footer>
  );
}
