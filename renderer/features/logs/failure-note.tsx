import type { CommandFailure } from '#shared/failure.ts';
import { plainText } from '#shared/text.ts';
import { useApp } from '../../app.ts';
import { Button } from '../../ui/button.tsx';
import { KeyChip } from '../../ui/key-chip.tsx';
import { failureId } from './log-inputs.ts';
import { queryOfStep, repairNow, takeRepair, wordsOfStep } from './log-repair.ts';
import styles from './logs.module.css';
import { useLogs } from './use-logs.ts';

/** What failed, its cause, what to do, and the key that does it where one can. */
export function FailureNote({ failure }: { readonly failure: CommandFailure }) {
  return (
    <div id={failureId} className={styles.failed} role="alert">
      <p>
        <code>{failure.source?.code ?? failure.code}</code>{' '}
        {plainText(failure.source?.message ?? failure.message, 600)}
      </p>
      <p className={styles.support}>
        {plainText(failure.source?.nextStep ?? failure.nextStep, 600)} <NextKey failure={failure} />
      </p>
      <Repair />
    </div>
  );
}

/** A query that is at fault is written anew; anything else is asked again. */
function NextKey({ failure }: { readonly failure: CommandFailure }) {
  const isOfQuery = failure.code === 'invalid-input' || failure.source?.code === 'bad-query';
  return isOfQuery ? (
    <>
      <KeyChip chord="L" /> query
    </>
  ) : (
    <>
      <KeyChip chord="r" /> try now
    </>
  );
}

/** The one key that repairs what failed last; nothing where none does. */
export function Repair() {
  const app = useApp();
  // The repair is of the whole state: what failed, the query, whether it is being asked again.
  useLogs((state) => state);
  const step = repairNow(app);
  if (step === null) return null;
  const query = queryOfStep(step);
  return (
    <p className={styles.repair}>
      <Button chord="x" due onClick={() => takeRepair(app)}>
        {wordsOfStep(step)}
      </Button>
      {query === '' ? null : <code>{query}</code>}
    </p>
  );
}
