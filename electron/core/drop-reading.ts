import { logError } from '#core/log.ts';
import { StoreError } from '#core/store/store.ts';
import { drop } from '#shared/result.ts';

/** As `drop`, where a journal that cannot be read is a failure and not a bug that ends the core. */
export function dropReading(reading: Promise<void>, why: string): void {
  const expected = (error: unknown): void => {
    if (!(error instanceof StoreError)) throw error;
    logError('the journal could not be read', { error: error.message });
  };
  drop(reading.catch(expected), why);
}
