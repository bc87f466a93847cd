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

/**
 * What of the witnesses of an alert the servers of now said; without any it is an alert of nobody.
 * @param since by source: since when its name means the server that it means now.
 */
export function seenByServersOfNow(alert: AlertRecord, since: ReadonlyMap<string, number>): AlertRecord {
  const isOfNow = ({ source, lastSeenAtMs }: AlertRecord['witnesses'][number]): boolean =>
    lastSeenAtMs > (since.get(source) ?? 0);
  return alert.witnesses.every(isOfNow) ? alert : { ...alert, witnesses: alert.witnesses.filter(isOfNow) };
}
