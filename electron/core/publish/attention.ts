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
  const asking = [...rows].filter(
    (row) =>
      (row.state === 'firing' || (row.state === 'unseen' && sight.kind !== 'live')) && asksForSomebody(row),
  );
  const worst = asking.toSorted(
    (left, right) =>
      compareSeverity(left.severity, right.severity) ||
      right.openedAtMs - left.openedAtMs ||
      right.id - left.id,
  );
  const incidents = worst.slice(0, maxNamed).map(({ id, title, service, severity }) => ({
    id,
    title: plainText(service === '' ? title : `${title} ${service}`, titleLength),
    severity,
  }));
  return { sight, firing: asking.length, worst: worst[0]?.severity ?? null, pausedUntilMs, incidents };
}

/** Whether a person would see no difference: when a source was seen last moves with every poll. */
export function sameAttention(left: Attention, right: Attention): boolean {
  const seen = ({ sight, ...rest }: Attention): string =>
    JSON.stringify([sight.kind, sight.cause, sight.kind === 'live' ? null : sight.lastSeenAtMs, rest]);
  return seen(left) === seen(right);
}
