import type { AuditRecord } from '#core/store/records.ts';
import type { OutboxEntry, OutboxRequest } from '#shared/model/silence.ts';
import { silenceText } from '#shared/silences/compile-silence.ts';
import { formatDateTime } from '#shared/time.ts';

/** How changes of silences are told in the audit log and in the timelines of incidents. */

export function auditOf(
  entry: OutboxEntry,
  outcome: 'waits' | OutboxEntry['state'],
  by: string,
  atMs: number,
  detail = '',
): AuditRecord {
  const { request, cluster } = entry;
  const target = `${cluster} ${targetOf(request)}`;
  return { atMs, by, action: `silence ${request.kind}`, target, outcome, detail };
}

/** @returns null for what is nobody's business beyond the outbox. */
export function timelineTextOf(entry: OutboxEntry): { text: string; detail: string } | null {
  const { request, state } = entry;
  const what = targetOf(request);
  if (state === 'done') {
    if (request.kind === 'expire') return { text: 'Silence ended', detail: what };
    return { text: `Silenced until ${formatDateTime(request.draft.endsAtMs)}`, detail: what };
  }
  if (state === 'failed') {
    const reason = entry.targets.find((target) => target.state === 'failed')?.detail ?? '';
    return { text: 'Silence refused', detail: `${what}: ${reason}` };
  }
  if (state === 'conflict') return { text: 'Silence waits for a decision', detail: entry.conflict };
  return state === 'withdrawn' ? { text: 'Silence withdrawn', detail: what } : null;
}

function targetOf(request: OutboxRequest): string {
  return request.kind === 'expire' ? request.id : `{${silenceText(request.draft.matchers)}}`;
}
