import type { AlertRecord, TendedSilenceRecord } from '#core/store/records.ts';
import type { Silence } from '#shared/model/silence.ts';
import { minuteMs } from '#shared/time.ts';
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

/** A silence that was made so long before, and that none of its servers tells of, is none. */
const longestUntoldMs = 5 * minuteMs;

/**
 * Whether none of its servers has it, by what they told last. Of one that has told nothing yet, to a core that has
 * just begun say, nothing is known.
 */
export function isNowhere(
  { createdAtMs }: TendedSilenceRecord,
  row: Silence | undefined,
  sources: readonly string[],
  silences: Pick<TendedDesk, 'heardAtMs'>,
): boolean {
  const toldWithoutIt = (source: string): boolean =>
    (silences.heardAtMs(source) ?? Number.NEGATIVE_INFINITY) - createdAtMs > longestUntoldMs;
  return row === undefined && sources.length > 0 && sources.every(toldWithoutIt);
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
