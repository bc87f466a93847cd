import type { Attention } from '#shared/model/attention.ts';
import type { Sight } from '#shared/model/console.ts';
import { asksForSomebody, type IncidentRow } from '#shared/model/incident.ts';
import { compareSeverity } from '#shared/model/severity.ts';
import { plainText } from '#shared/text.ts';

/** What the tray shows, from what windows show. Pure. */

const maxNamed = 5;
const titleLength = 80;

export function attentionOf(
  rows: Iterable<IncidentRow>,
  sight: Sight,
  pausedUntilMs: number | null,
): Attention {
  let firing = 0;
  /** Asked with every portion of a storm: the few worst are found without sorting all. */
  const worst: IncidentRow[] = [];
  for (const row of rows) {
    const fires = row.state === 'firing' || (row.state === 'unseen' && sight.kind !== 'live');
    if (!fires || !asksForSomebody(row)) continue;
    firing++;
    const last = worst.at(-1);
    if (worst.length === maxNamed && last !== undefined && compareUrgency(last, row) < 0) continue;
    const place = worst.findIndex((other) => compareUrgency(row, other) < 0);
    worst.splice(place === -1 ? worst.length : place, 0, row);
    worst.length = Math.min(worst.length, maxNamed);
  }
  const incidents = worst.map(({ id, title, service, severity }) => ({
    id,
    title: plainText(service === '' ? title : `${title} ${service}`, titleLength),
    severity,
  }));
  return { sight, firing, worst: worst[0]?.severity ?? null, pausedUntilMs, incidents };
}

/** The worst first, then the newest. */
function compareUrgency(left: IncidentRow, right: IncidentRow): number {
  return (
    compareSeverity(left.severity, right.severity) || right.openedAtMs - left.openedAtMs || right.id - left.id
  );
}

/** Whether a person would see no difference: when a source was seen last moves with every poll. */
export function sameAttention(left: Attention, right: Attention): boolean {
  const seen = ({ sight, ...rest }: Attention): string =>
    JSON.stringify([sight.kind, sight.cause, sight.kind === 'live' ? null : sight.lastSeenAtMs, rest]);
  return seen(left) === seen(right);
}
