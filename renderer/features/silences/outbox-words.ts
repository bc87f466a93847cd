import type { OutboxEntry, Silence } from '#shared/model/silence.ts';
import { assertNever } from '#shared/result.ts';
import { plainText } from '#shared/text.ts';
import { formatSpan } from '#shared/time.ts';

/** What the outbox says of one entry. Pure. */

export function verbOf({ request }: OutboxEntry): string {
  switch (request.kind) {
    case 'create':
      return 'Silence';
    case 'edit':
      return 'Change';
    case 'expire':
      return 'Expire';
    default:
      return assertNever(request, 'request');
  }
}

/** The silence that it changes or ends, where that is known here. */
export function subjectOfEntry(
  { request, cluster }: OutboxEntry,
  silences: readonly Silence[],
): Silence | undefined {
  if (request.kind === 'create') return undefined;
  return silences.find((silence) => silence.id === request.id && silence.cluster === cluster);
}

/** How it stands and why, in one sentence. */
export function standingOf(entry: OutboxEntry, nowMs: number): string {
  switch (entry.state) {
    case 'held':
      return entry.dueAtMs > nowMs ? `goes out in ${formatSpan(entry.dueAtMs - nowMs)}` : 'goes out now';
    case 'waiting':
      return `waits for ${waitingFor(entry)}`;
    case 'sending':
      return 'is being sent';
    case 'conflict':
      return `${entry.isDisplaced ? 'lost its server.' : 'changed there meanwhile.'} ${plainText(entry.conflict, 300)}`;
    case 'failed':
      return `refused: ${reasonOf(entry)}`;
    case 'done':
      return 'is there';
    case 'withdrawn':
      return 'was taken back';
    default:
      return assertNever(entry.state, 'state of an entry');
  }
}

function waitingFor(entry: OutboxEntry): string {
  const waiting = entry.targets.filter(({ state }) => state === 'waiting');
  const told = waiting.find(({ detail }) => detail !== '');
  if (told !== undefined) return withSource(told);
  return waiting.length === 0 ? 'its turn' : waiting.map(({ source }) => plainText(source, 64)).join(', ');
}

function reasonOf({ targets }: OutboxEntry): string {
  const failed = targets.find(({ state, detail }) => state === 'failed' && detail !== '');
  return failed === undefined ? 'no reason was told' : withSource(failed);
}

/** The core names the source in most of what it says of one. */
function withSource({ source, detail }: OutboxEntry['targets'][number]): string {
  const words = detail.startsWith(source) ? detail : `${source}: ${detail}`;
  return plainText(words, 400);
}

export const wordOfTarget = {
  waiting: 'waits',
  sent: 'sent',
  confirmed: 'has it',
  failed: 'refused',
} as const;

/** The keys that do something about it. */
export function actionsOf({ state }: OutboxEntry): readonly ('withdraw' | 'retry' | 'settle')[] {
  if (state === 'conflict') return ['settle', 'withdraw'];
  if (state === 'failed') return ['retry', 'withdraw'];
  if (state === 'waiting') return ['retry', 'withdraw'];
  return state === 'held' ? ['withdraw'] : [];
}
