import type { IncidentRow } from '#shared/model/incident.ts';
import { assertNever } from '#shared/result.ts';
import type { InputOf } from '#shared/rpc/definition.ts';
import type { verdictCommands } from '#shared/verdict-commands.ts';
import type { VerdictChange } from './pending.ts';

/** Verdicts as data: the command with its input, what it makes of a row, and what takes it back. */

type VerdictName = Exclude<keyof typeof verdictCommands, 'incident.note' | 'incident.split'>;

/** One command to the core. */
export type Saying = {
  [Name in VerdictName]: { readonly command: Name; readonly input: InputOf<(typeof verdictCommands)[Name]> };
}[VerdictName];

/** The most incidents that one command takes. */
const mostAtOnce = 1_000;

/** The same of as many incidents as there are, in as many commands as that takes. */
export function sayingsOf(ids: readonly number[], say: (ids: number[]) => Saying): Saying[] {
  return Array.from({ length: Math.ceil(ids.length / mostAtOnce) }, (_, index) =>
    say(ids.slice(index * mostAtOnce, (index + 1) * mostAtOnce)),
  );
}

/** What it makes of the rows that it names. */
export function changeOf({ command, input }: Saying, by: string, atMs: number): VerdictChange {
  switch (command) {
    case 'incident.acknowledge':
      return { acknowledged: { by, atMs }, holdsSilence: input.silence };
    case 'incident.release':
      return { acknowledged: null, holdsSilence: false };
    case 'incident.snooze':
      return { snoozed: { by, atMs, untilMs: input.untilMs } };
    case 'incident.wake':
      return { snoozed: null };
    case 'incident.assign':
      return { assignedTo: input.to };
    case 'incident.markNoise':
      return { noise: input.noise ? { by, atMs } : null };
    case 'incident.merge':
      return { mergedInto: input.into };
    case 'incident.unmerge':
      return { mergedInto: null };
    case 'incident.rejoin':
      return {};
    case 'incident.close':
      return { resolvedAtMs: atMs, snoozed: null };
    case 'incident.reopen':
      return { resolvedAtMs: null };
    default:
      return assertNever(command, 'verdict');
  }
}

/** What takes it back, given the rows as they were before it. */
export function inverseOf(saying: Saying, rows: Rows): Saying[] {
  const inverse = inverses[saying.command](rows);
  if (saying.command !== 'incident.acknowledge' || !saying.input.silence) return inverse;
  return [...inverse, ...heldWithoutSilence(rows)];
}

type Rows = readonly IncidentRow[];

const inverses: Readonly<Record<VerdictName, (rows: Rows) => Saying[]>> = {
  'incident.acknowledge': (rows) =>
    released(
      rows.filter(({ acknowledged }) => acknowledged === null),
      true,
    ),
  'incident.release': (rows) =>
    grouped(
      rows.filter(({ acknowledged }) => acknowledged !== null),
      ({ holdsSilence }) => holdsSilence,
      (ids, silence) => ({ command: 'incident.acknowledge', input: { ids, silence } }),
    ),
  'incident.snooze': snoozedAsBefore,
  'incident.wake': snoozedAsBefore,
  'incident.assign': (rows) =>
    grouped(
      rows,
      ({ assignedTo }) => assignedTo,
      (ids, to) => ({ command: 'incident.assign', input: { ids, to, undo: true } }),
    ),
  'incident.markNoise': (rows) =>
    grouped(
      rows,
      (row) => row.noise !== null,
      (ids, noise) => ({ command: 'incident.markNoise', input: { ids, noise, undo: true } }),
    ),
  'incident.merge': (rows) =>
    sayingsOf(
      rows.map(({ id }) => id),
      (ids) => ({ command: 'incident.unmerge', input: { ids, undo: true } }),
    ),
  'incident.unmerge': (rows) =>
    grouped(
      rows.filter(({ mergedInto }) => mergedInto !== null),
      ({ mergedInto }) => mergedInto ?? 0,
      (ids, into) => ({ command: 'incident.merge', input: { ids, into } }),
    ),
  'incident.close': (rows) => {
    const open = rows.filter(({ resolvedAtMs }) => resolvedAtMs === null);
    const again = sayingsOf(
      open.map(({ id }) => id),
      (ids) => ({ command: 'incident.reopen', input: { ids } }),
    );
    // What was put off until later is so no more once it is over.
    return [...again, ...snoozedAsBefore(open.filter(({ snoozed }) => snoozed !== null))];
  },
  // These take back themselves, and nothing takes that back.
  'incident.rejoin': () => [],
  'incident.reopen': () => [],
};

/** Those that were held without a silence before one was wished for: only releasing them lets go of it. */
function heldWithoutSilence(rows: Rows): Saying[] {
  const held = rows.filter(({ acknowledged, holdsSilence }) => acknowledged !== null && !holdsSilence);
  const again = sayingsOf(
    held.map(({ id }) => id),
    (ids) => ({ command: 'incident.acknowledge', input: { ids, silence: false } }),
  );
  return [...released(held, true), ...again];
}

function snoozedAsBefore(rows: Rows): Saying[] {
  return grouped(
    rows,
    ({ snoozed }) => (snoozed === null ? undefined : snoozed.untilMs),
    (ids, untilMs) =>
      untilMs === undefined
        ? { command: 'incident.wake', input: { ids, undo: true } }
        : { command: 'incident.snooze', input: { ids, untilMs, undo: true } },
  );
}

export function released(rows: readonly IncidentRow[], undo: boolean): Saying[] {
  return sayingsOf(
    rows.map(({ id }) => id),
    (ids) => ({ command: 'incident.release', input: { ids, undo } }),
  );
}

/** Rows that were alike before are put back together. */
function grouped<Key>(
  rows: readonly IncidentRow[],
  keyOf: (row: IncidentRow) => Key,
  say: (ids: number[], key: Key) => Saying,
): Saying[] {
  return [...Map.groupBy(rows, keyOf)].flatMap(([key, alike]) =>
    sayingsOf(
      alike.map(({ id }) => id),
      (ids) => say(ids, key),
    ),
  );
}
