import type { Labels } from '#shared/model/labels.ts';
import { drop } from '#shared/result.ts';
import { evaluateAlerts, type ActiveAlerts } from './alert-state.ts';
import { freshRule, withoutPending, type GroupState, type RuleState } from './group-state.ts';
import type { RuleQueryService } from './query-service.ts';
import type { RuleClock } from './rule-clock.ts';
import type { Rule, RuleGroup } from './rule.ts';
import { dueSlots, lateSlotsReachMs, slotAt, slotPlan, type SlotPlan } from './slots.ts';

/**
 * Evaluates one group at its slots: its rules one after another, never twice at a time. Slots that passed
 * while nobody looked (the console was off, the machine slept) are asked for late, each with its own time;
 * slots that passed because the answers were slow are counted as missed, as Prometheus does.
 */
export interface GroupRunnerOptions {
  readonly group: RuleGroup;
  readonly state: GroupState;
  readonly queries: RuleQueryService;
  readonly clock: RuleClock;
  /** The address of whoever answers the queries now. */
  readonly answerer: () => string;
  /** After every evaluation, awaited before the next. */
  readonly onEvaluated: (runner: GroupRunner, evaluated: Evaluated) => Promise<void>;
}

export interface Evaluated {
  /** Whether any of its queries was. */
  readonly answered: boolean;
  /** Firing alerts that are gone although nobody saw them end. */
  readonly unknownEnds: readonly Labels[];
}

export interface RuleHealth {
  readonly health: 'unknown' | 'ok' | 'error';
  readonly lastError: string;
}

/** A timer stands still while the machine sleeps, so none runs long. */
const longestWaitMs = 30_000;
const maxFailureLength = 1_000;

export class GroupRunner {
  readonly group: RuleGroup;
  readonly #options: GroupRunnerOptions;
  readonly #plan: SlotPlan;
  readonly #stopping = new AbortController();
  #state: GroupState;
  #health: RuleHealth[];
  #unknownEnds: Labels[] = [];
  #missedSlots = 0;
  #lastEvaluatedAtMs: number | null = null;
  #cancelTimer: () => void = () => undefined;
  #working: Promise<void> = Promise.resolve();

  constructor(options: GroupRunnerOptions) {
    this.#options = options;
    this.group = options.group;
    this.#state = options.state;
    this.#plan = slotPlan(this.group.file, this.group.name, this.group.intervalMs);
    this.#health = this.group.rules.map(() => ({ health: 'unknown', lastError: '' }));
  }

  get state(): GroupState {
    return this.#state;
  }

  get health(): readonly RuleHealth[] {
    return this.#health;
  }

  get missedSlots(): number {
    return this.#missedSlots;
  }

  get lastEvaluatedAtMs(): number | null {
    return this.#lastEvaluatedAtMs;
  }

  /** Of evaluations that were stopped before they were told. */
  get untoldEnds(): readonly Labels[] {
    return this.#unknownEnds;
  }

  start(): void {
    this.#lookAgain(this.#state.lastSlotAtMs ?? slotAt(this.#plan, this.#options.clock.nowMs()));
  }

  /** Takes back what is in flight; resolves when nothing of it runs any more. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#cancelTimer();
    await this.#working;
  }

  /** @param lastMs the slot that counts as evaluated. */
  #lookAgain(lastMs: number): void {
    if (this.#stopping.signal.aborted) return;
    const nowMs = this.#options.clock.nowMs();
    // A clock that was set back does not stop the rules until it is where it was.
    const last = lastMs > nowMs + this.#plan.intervalMs ? slotAt(this.#plan, nowMs) : lastMs;
    const waitMs = Math.max(0, slotAt(this.#plan, last) + this.#plan.intervalMs - nowMs);
    this.#cancelTimer = this.#options.clock.after(Math.min(waitMs, longestWaitMs), () => {
      const work = this.#work(last);
      this.#working = work;
      drop(work, 'an evaluation handles its own failures');
    });
  }

  async #work(lastMs: number): Promise<void> {
    const { clock } = this.#options;
    const { slots, missed } = dueSlots(this.#plan, lastMs, clock.nowMs());
    const latest = slots.at(-1);
    if (latest === undefined) return this.#lookAgain(lastMs);
    this.#missedSlots += missed;
    // Longer ago than Prometheus, too, takes a pending alert up again.
    if (latest - lastMs > lateSlotsReachMs) this.#state = withoutPending(this.#state);
    let answered = false;
    for (const slot of slots) {
      answered = await this.#evaluate(slot);
      if (this.#stopping.signal.aborted) return;
      // Nobody answers: asking for the other late slots would only wait as long again for each.
      if (!answered && slot !== latest) {
        this.#missedSlots += Math.round((latest - slot) / this.#plan.intervalMs);
        this.#state = { ...this.#state, lastSlotAtMs: latest };
        break;
      }
    }
    this.#lastEvaluatedAtMs = clock.nowMs();
    const unknownEnds = this.#unknownEnds.splice(0);
    await this.#options.onEvaluated(this, { answered, unknownEnds });
    this.#lookAgain(this.#afterOverrun(latest));
  }

  /** What passed during the evaluation is missed, but for the last of it, which is evaluated at once. */
  #afterOverrun(latest: number): number {
    const behind = Math.round(
      (slotAt(this.#plan, this.#options.clock.nowMs()) - latest) / this.#plan.intervalMs,
    );
    if (behind <= 1) return latest;
    this.#missedSlots += behind - 1;
    return latest + (behind - 1) * this.#plan.intervalMs;
  }

  /** @returns whether any query was answered. Leaves the state alone where it was stopped meanwhile. */
  async #evaluate(slotMs: number): Promise<boolean> {
    const rules: RuleState[] = [];
    const health: RuleHealth[] = [];
    let answered = false;
    for (const [index, rule] of this.group.rules.entries()) {
      const before = this.#state.rules[index] ?? freshRule(rule);
      if (rule.kind === 'recording') {
        rules.push(before);
        health.push({ health: 'unknown', lastError: '' });
        continue;
      }
      const evaluated = await this.#ask(rule, before, slotMs);
      if (this.#stopping.signal.aborted) return false;
      rules.push(evaluated.state);
      health.push(evaluated.health);
      answered ||= evaluated.answered;
    }
    this.#state = { lastSlotAtMs: slotMs, rules };
    this.#health = health;
    return answered || !this.group.rules.some(({ kind }) => kind === 'alerting');
  }

  async #ask(rule: Rule, before: RuleState, slotMs: number): Promise<Asked> {
    const askedAtMs = slotMs - this.group.queryOffsetMs;
    const answeredBy = this.#options.answerer();
    const answer = await this.#options.queries.instant(rule.expression, askedAtMs, this.#stopping.signal);
    // Without an answer nothing changes: not firing is something that has to be said.
    if (!answer.ok) return failing(before, answer.failure.message, false);
    const { alerts, error } = evaluateAlerts(
      rule,
      before.alerts,
      answer.value,
      slotMs,
      this.group.limit,
      this.#options.queries.surroundings(),
    );
    // Neither a failure nor another server, which may never have known of it, says that an alert ended; and which
    // one it was nobody knows where another came into force meanwhile.
    const isOther = before.answeredBy !== '' && before.answeredBy !== answeredBy;
    if (error !== '' || isOther || this.#options.answerer() !== answeredBy)
      this.#unknownEnds.push(...firingIn(before.alerts, alerts));
    if (error !== '') return failing({ ...before, alerts, answeredBy }, error, true);
    const state = { ...before, alerts, lastSuccessAtMs: slotMs, failure: '', answeredBy };
    return { state, health: { health: 'ok', lastError: '' }, answered: true };
  }
}

interface Asked {
  readonly state: RuleState;
  readonly health: RuleHealth;
  readonly answered: boolean;
}

function failing(state: RuleState, why: string, answered: boolean): Asked {
  const failure = why === '' ? 'it failed' : why.slice(0, maxFailureLength);
  return { state: { ...state, failure }, health: { health: 'error', lastError: failure }, answered };
}

/** The labels of what fired before and is not there after. */
function firingIn(before: ActiveAlerts, after: ActiveAlerts): Labels[] {
  return [...before]
    .filter(([key, { state }]) => state === 'firing' && !after.has(key))
    .map(([, { labels }]) => labels);
}
