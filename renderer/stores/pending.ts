import type { IncidentRow } from '#shared/model/incident.ts';

/**
 * Verdicts that a person has given and that the core has not published yet. They show at once; each
 * goes away when a row arrives whose revision carries it, or when the core refuses it.
 */
export interface PendingVerdict {
  readonly id: number;
  readonly incidentId: number;
  /** What it makes of the row. */
  readonly change: VerdictChange;
  /** The revision that carries it, once the core has answered. */
  readonly revision: number | null;
}

export type VerdictChange = Partial<
  Pick<
    IncidentRow,
    'acknowledged' | 'holdsSilence' | 'snoozed' | 'assignedTo' | 'noise' | 'mergedInto' | 'resolvedAtMs'
  >
>;

/** Rows as they will be once every pending verdict has arrived. */
export function withPending(
  rows: readonly IncidentRow[],
  pending: readonly PendingVerdict[],
): readonly IncidentRow[] {
  if (pending.length === 0) return rows;
  const pendingOf = Map.groupBy(pending, ({ incidentId }) => incidentId);
  return rows.map((row) =>
    (pendingOf.get(row.id) ?? [])
      .filter((verdict) => !isCarried(verdict, row))
      .reduce((before, { change }) => ({ ...before, ...change }), row),
  );
}

/** The verdicts that still wait, given the rows that have arrived. */
export function stillPending(
  pending: readonly PendingVerdict[],
  rows: readonly IncidentRow[],
): readonly PendingVerdict[] {
  // Asked with every change of any incident: with nothing on its way there is nothing to look up.
  if (pending.length === 0) return pending;
  const byId = new Map(rows.map((row) => [row.id, row]));
  const waiting = pending.filter((verdict) => {
    const row = byId.get(verdict.incidentId);
    return row !== undefined && !isCarried(verdict, row);
  });
  return waiting.length === pending.length ? pending : waiting;
}

function isCarried(verdict: PendingVerdict, row: IncidentRow): boolean {
  return verdict.revision !== null && row.revision >= verdict.revision;
}
