import type { AlertRecord, TendedSilenceRecord } from '#core/store/records.ts';
import type { Silence } from '#shared/model/silence.ts';
import type { TendedDesk } from './tending-options.ts';

/**
 * At which server something is that the console looks after. A silence is found by its id, which no other server has,
 * whatever its server is called by now; what nobody tells of is where it was made, unless that name went to another one.
 */
export function clusterOf(record: TendedSilenceRecord, row: Silence | undefined): string {
  return row?.cluster ?? record.cluster;
}

/** Its name is another server's since it was made: that this one does not tell of it says nothing. */
export function isOutOfSight(
  record: TendedSilenceRecord,
  row: Silence | undefined,
  silences: Pick<TendedDesk, 'meansSinceMs'>,
): boolean {
  return row === undefined && silences.meansSinceMs(record.cluster) >= record.createdAtMs;
}

/** What of the witnesses of an alert the servers of now said; without any it is an alert of nobody. */
export function seenByServersOfNow(
  alert: AlertRecord,
  silences: Pick<TendedDesk, 'meansSinceMs'>,
): AlertRecord {
  const witnesses = alert.witnesses.filter(
    ({ source, lastSeenAtMs }) => lastSeenAtMs > silences.meansSinceMs(source),
  );
  return witnesses.length === alert.witnesses.length ? alert : { ...alert, witnesses };
}
