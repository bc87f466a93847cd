import { Slices } from '#core/clock/slices.ts';
import type { AlertRecord, IncidentRecord, TendedSilenceRecord } from '#core/store/records.ts';
import { incidentName } from '#shared/model/incident.ts';
import type { Silence, SilenceDraft, SilenceMatcher } from '#shared/model/silence.ts';
import { minuteMs, secondMs } from '#shared/time.ts';
import type { SilenceCluster } from '../clusters.ts';
import type { Entry } from '../outbox-entry.ts';
import { isHad } from '../preview/silence-preview.ts';
import { undoMs } from '../silence-desk.ts';
import { decideAcknowledgement, type AcknowledgementAction, type UnderwayChange } from './acknowledgement.ts';
import { careOf, pauseAfterRefusalMs, serverNowMs, type TendingOptions } from './tending-options.ts';
import { clusterOf, isNowhere, isOutOfSight, seenByServersOfNow } from './whose-server.ts';

/**
 * Does what `acknowledgement.ts` decides, through the outbox: for each incident that holds a silence, at each
 * cluster that has alerts of it. Another console has its own journal and so its own silences: only what this
 * one made is renewed.
 */
interface Group {
  readonly cluster: SilenceCluster;
  readonly incidentId: number;
  readonly records: readonly TendedSilenceRecord[];
  readonly underway: readonly Entry[];
}

interface Known {
  readonly records: readonly TendedSilenceRecord[];
  /** Whose server does not tell of them. */
  readonly lost: readonly TendedSilenceRecord[];
  /** By id. */
  readonly rows: ReadonlyMap<string, Silence>;
}

/** A version that was made and that no server has told yet is waited for. */
const longestUntoldMs = 2 * minuteMs;
/** Undone in the last moment it is seen at the next look, which must come before anything leaves the machine. */
const longestHoldMs = undoMs + 2 * secondMs;

export class AcknowledgementKeeper {
  readonly #options: TendingOptions;
  /** By the id of the silence: which version of it was made last, and when. */
  readonly #made = new Map<string, { readonly updatedAtMs: number; readonly atMs: number }>();
  readonly #refusedAtMs = new Map<string, number>();
  readonly #leftOut = new Set<string>();
  readonly #beganAtMs: number;
  /** Whose silences were which at the last look: what a person did to one is told once it is done. */
  #incidentOf: ReadonlyMap<string, number> = new Map();

  constructor(options: TendingOptions) {
    this.#options = options;
    this.#beganAtMs = options.clock.nowMs();
  }

  async look(): Promise<void> {
    const { silences, book } = this.#options;
    const { lost, records } = this.#known();
    await this.#giveUp(lost);
    this.#incidentOf = new Map(records.map(({ id, incidentId }) => [id, incidentId ?? 0]));
    const held = [...book.incidents()].filter(isHeld);
    const own = silences.outbox.unsettled().filter((entry) => careOf(entry) === 'acknowledgement');
    if (records.length + held.length + own.length === 0) return;
    // Each is weighed against all that fires: a thousand of them must not keep anything waiting.
    const slices = new Slices();
    for (const cluster of silences.clusters()) {
      const theirs = new Set(cluster.sources);
      const since = new Map(cluster.sources.map((source) => [source, silences.meansSinceMs(source)]));
      const open =
        held.length === 0
          ? []
          : [...book.openAlerts()].filter((alert) => isHad(seenByServersOfNow(alert, since), theirs));
      const here = this.#at(theirs, this.#known());
      const ids = new Set([
        ...held.map(({ id }) => id),
        ...here.records.map(({ incidentId }) => incidentId ?? 0),
        ...here.underway.flatMap(({ care }) =>
          care?.care === 'acknowledgement' ? [care.incidentId ?? 0] : [],
        ),
      ]);
      for (const incidentId of ids) {
        // While others were looked at somebody may have asked for something, and what was asked for been done.
        const known = this.#known();
        if (!this.#isAwaited(known, cluster, incidentId))
          await this.#tend(groupOf(cluster, incidentId, this.#at(theirs, known)), known.rows, open);
        await slices.turn();
      }
    }
  }

  /** Where their servers cannot be asked any more they run out; until then the server may have its name again. */
  async #giveUp(lost: readonly TendedSilenceRecord[]): Promise<void> {
    const { silences, clock, times } = this.#options;
    const nowMs = clock.nowMs();
    for (const record of lost) {
      const hasRunOut = nowMs - silences.meansSinceMs(record.cluster) > times().acknowledgementMs;
      if (hasRunOut) await silences.tended.put({ ...record, endedAtMs: nowMs });
    }
  }

  /** A change of a silence is done, was refused, or has to be decided. */
  heard(entry: Entry): void {
    const { state, silenceId, cluster, request } = entry.shown;
    const nowMs = this.#options.clock.nowMs();
    if (careOf(entry) === 'acknowledgement') {
      const key = keyOf(cluster, entry.care?.incidentId ?? 0);
      if (state === 'failed') this.#refusedAtMs.set(key, nowMs);
      if (state !== 'done') return;
      this.#refusedAtMs.delete(key);
      if (silenceId !== null && entry.madeUpdatedAtMs !== null)
        this.#made.set(silenceId, { updatedAtMs: entry.madeUpdatedAtMs, atMs: nowMs });
      return;
    }
    const incidentId = request.kind === 'create' ? undefined : this.#incidentOf.get(request.id);
    if (incidentId === undefined || state !== 'done') return;
    // A person took it into their own hands: from here on it is theirs.
    const record = silenceId === null ? undefined : this.#options.silences.tended.find(silenceId);
    if (record !== undefined) void this.#options.silences.tended.put({ ...record, endedAtMs: nowMs });
    const why = request.kind === 'expire' ? 'it was ended by hand' : 'it was changed by hand';
    this.#options.letGo(incidentId, why);
  }

  /** What is looked after, as it is known now; and what is out of sight. */
  #known(): Known {
    const { silences } = this.#options;
    const rows = new Map(silences.rows().map((row) => [row.id, row]));
    const all = silences.tended.all().filter(({ care }) => care === 'acknowledgement');
    const [lost, records] = divide(all, (record) => isOutOfSight(record, rows.get(record.id), silences));
    return { lost, records, rows };
  }

  /** What is looked after at these sources, and what is on its way to them. */
  #at(sources: ReadonlySet<string>, { records, rows }: Known): Pick<Group, 'records' | 'underway'> {
    const underway = this.#options.silences.outbox.unsettled();
    return {
      records: records.filter((record) => sources.has(clusterOf(record, rows.get(record.id)))),
      underway: underway.filter(({ shown }) => sources.has(shown.cluster)),
    };
  }

  /** One that was out of sight may be here again: the server has not told its silences yet. */
  #isAwaited({ lost }: Known, { sources }: SilenceCluster, incidentId: number): boolean {
    const { silences } = this.#options;
    return lost.some(
      (record) =>
        record.incidentId === incidentId &&
        sources.includes(record.cluster) &&
        silences.heardAtMs(record.cluster) === null,
    );
  }

  async #tend(group: Group, rows: Known['rows'], open: readonly AlertRecord[]): Promise<void> {
    const { clock, book, times } = this.#options;
    const { cluster, incidentId, records } = group;
    const incident = book.incident(incidentId);
    const nowMs = clock.nowMs();
    if (records.some(({ id }) => this.#isUntold(id, rows.get(id), nowMs))) return;
    const actions = decideAcknowledgement(
      {
        isHeld: incident !== undefined && isHeld(incident),
        own: labelsOf(open.filter((alert) => alert.incidentId === incidentId)),
        others: labelsOf(open.filter((alert) => alert.incidentId !== incidentId)),
        silences: records.map((record) => ({
          id: record.id,
          told: rows.get(record.id) ?? null,
          isNone: this.#isNone(record, rows.get(record.id), cluster, nowMs),
        })),
        underway: group.underway.map(underwayOf),
      },
      {
        nowMs,
        serverNowMs: serverNowMs(this.#options, cluster.sources),
        lengthMs: times().acknowledgementMs,
      },
    );
    for (const action of actions) await this.#do(action, group, incident);
  }

  /** Told by nobody it is renewed by nobody: it runs out, whatever becomes of its servers. */
  #isNone(
    record: TendedSilenceRecord,
    row: Silence | undefined,
    { sources }: SilenceCluster,
    nowMs: number,
  ): boolean {
    const { silences, times } = this.#options;
    if (isNowhere(record, row, sources, silences)) return true;
    const lastRenewedMs = Math.max(record.createdAtMs, this.#beganAtMs);
    return row === undefined && nowMs - lastRenewedMs > times().acknowledgementMs;
  }

  async #do(
    action: AcknowledgementAction,
    { cluster, incidentId, records }: Group,
    incident: IncidentRecord | undefined,
  ): Promise<void> {
    const { silences, operator, clock, letGo } = this.#options;
    const nowMs = clock.nowMs();
    const care = { care: 'acknowledgement' as const, incidentId, endsAfterQuietMs: null };
    const to = { cluster: cluster.name, care, holdMs: 0 };
    const refusedAtMs = this.#refusedAtMs.get(keyOf(cluster.name, incidentId)) ?? Number.NEGATIVE_INFINITY;
    const isPaused = nowMs - refusedAtMs < pauseAfterRefusalMs;
    switch (action.kind) {
      case 'create': {
        if (incident === undefined || isPaused) return;
        const holdMs = holdOf(incident, nowMs);
        const by = incident.acknowledgedBy ?? operator();
        const draft = this.#draft(cluster, action.matchers, commentOf(incident), holdMs);
        await silences.outbox.put(
          { kind: 'create', draft },
          { ...to, by, holdMs, incidentIds: [incidentId] },
        );
        return;
      }
      case 'renew': {
        if (isPaused) return;
        const { id, updatedAtMs: seenUpdatedAtMs, matchers, comment, startsAtMs, createdBy } = action.silence;
        const draft = { ...this.#draft(cluster, matchers, comment), startsAtMs };
        await silences.outbox.put({ kind: 'edit', id, seenUpdatedAtMs, draft }, { ...to, by: createdBy });
        return;
      }
      case 'expire': {
        const { id, updatedAtMs: seenUpdatedAtMs } = action.silence;
        const asked = { ...to, by: operator(), incidentIds: [incidentId] };
        await silences.outbox.put({ kind: 'expire', id, seenUpdatedAtMs }, asked);
        return;
      }
      case 'let-go':
        letGo(incidentId, 'it was ended by hand');
        return this.#forget(records, action.id);
      case 'leave-out':
        return this.#leaveOut(cluster.name, incidentId, action.count);
      case 'forget':
        return this.#forget(records, action.id);
      case 'withdraw':
        await silences.outbox.withdraw(action.entryId, operator());
        return;
      case 'yield':
        await silences.outbox.settle(action.entryId, 'theirs', operator());
    }
  }

  /** Looked at every few seconds, told once. */
  #leaveOut(cluster: string, incidentId: number, count: number): void {
    const key = keyOf(cluster, incidentId);
    if (this.#leftOut.has(key)) return;
    this.#leftOut.add(key);
    this.#options.leaveOut(incidentId, count, cluster);
  }

  async #forget(records: readonly TendedSilenceRecord[], id: string): Promise<void> {
    const record = records.find((one) => one.id === id);
    this.#made.delete(id);
    if (record === undefined) return;
    await this.#options.silences.tended.put({ ...record, endedAtMs: this.#options.clock.nowMs() });
  }

  /** By the servers' clock. @param holdMs until it is sent. */
  #draft(
    cluster: SilenceCluster,
    matchers: readonly SilenceMatcher[],
    comment: string,
    holdMs = 0,
  ): SilenceDraft {
    const startsAtMs = serverNowMs(this.#options, cluster.sources);
    const endsAtMs = startsAtMs + holdMs + this.#options.times().acknowledgementMs;
    return { matchers: [...matchers], startsAtMs, endsAtMs, comment, endsAfterQuietMs: null };
  }

  #isUntold(id: string, row: Silence | undefined, nowMs: number): boolean {
    const made = this.#made.get(id);
    if (made === undefined || (row?.updatedAtMs ?? 0) >= made.updatedAtMs) return false;
    return nowMs - made.atMs < longestUntoldMs;
  }
}

function divide<Value>(
  all: readonly Value[],
  isOfFirst: (value: Value) => boolean,
): readonly [readonly Value[], readonly Value[]] {
  return [all.filter(isOfFirst), all.filter((value) => !isOfFirst(value))];
}

function isHeld(incident: IncidentRecord): boolean {
  const { acknowledgedBy, resolvedAtMs, mergedInto, verdicts } = incident;
  return verdicts.holdsSilence && acknowledgedBy !== null && resolvedAtMs === null && mergedInto === null;
}

/** For as long as it can be undone that somebody wanted a silence; a clock that was set back holds it no longer. */
function holdOf({ acknowledgedAtMs, verdicts }: IncidentRecord, nowMs: number): number {
  const saidAtMs = Math.max(acknowledgedAtMs ?? 0, verdicts.handledAtMs ?? 0);
  return Math.min(longestHoldMs, Math.max(0, saidAtMs + longestHoldMs - nowMs));
}

function groupOf(
  cluster: SilenceCluster,
  incidentId: number,
  here: Pick<Group, 'records' | 'underway'>,
): Group {
  const records = here.records.filter((record) => record.incidentId === incidentId);
  const ids = new Set(records.map(({ id }) => id));
  const isOfIt = ({ care, shown: { request } }: Entry): boolean =>
    (care?.care === 'acknowledgement' && care.incidentId === incidentId) ||
    (request.kind !== 'create' && ids.has(request.id));
  return { cluster, incidentId, records, underway: here.underway.filter(isOfIt) };
}

function underwayOf(entry: Entry): UnderwayChange {
  const { id, request, state } = entry.shown;
  const isUndecided = state === 'held' || state === 'waiting' || state === 'conflict';
  return {
    entryId: id,
    isOwn: careOf(entry) === 'acknowledgement',
    kind: request.kind,
    // Taken back already: it is only not known yet whether that was in time.
    state: isUndecided && !entry.isTakenBack ? state : 'sending',
  };
}

function labelsOf(alerts: readonly AlertRecord[]): readonly AlertRecord['labels'][] {
  return alerts.map(({ labels }) => labels);
}

function commentOf({ id, title, acknowledgedBy }: IncidentRecord): string {
  const what = `${incidentName(id)} ${title}`.slice(0, 200);
  return `${what}: acknowledged by ${acknowledgedBy ?? 'nobody'}. OpsSight renews this while it is, and it runs out by itself.`;
}

function keyOf(cluster: string, incidentId: number): string {
  return `${cluster} ${incidentId}`;
}
