import type { SourceFailure } from '#shared/failure.ts';
import { unaskedHealth, type SourceHealth, type SourceState } from '#shared/model/source.ts';
import { drop, type Result } from '#shared/result.ts';
import { secondMs } from '#shared/time.ts';
import { openSourceHttp } from './http.ts';
import { pollOnce, type Polled } from './poll-once.ts';
import { OwnAlerts } from './prometheus/own-alerts.ts';
import { clientOf, type SourceClient } from './source-client.ts';
import type { AlertSnapshot, SourceSettings } from './source-settings.ts';
import { systemClock, type Clock } from '#core/clock/clock.ts';
import {
  nextStateChangeMs,
  pauseAfterFailureMs,
  pauseAfterSuccessMs,
  pauseAfterWakeMs,
  stateAfter,
  type Silence,
} from './watch-schedule.ts';

/**
 * Watches one source: polls it, tells what it reports, and judges how fresh that is. Polls of one source
 * never overlap, and sources know nothing of each other. Used by the core's set of sources; decides
 * nothing about alerts.
 */
export interface SourceWatchOptions {
  readonly settings: SourceSettings;
  /** The health whole, whenever anything of it changed. */
  readonly onHealth: (health: SourceHealth) => void;
  /** The alerts of a good poll, told before the health that comes of it. */
  readonly onAlerts: (snapshot: AlertSnapshot) => void;
  /** The machine slept, or its clock was set. This watch goes on by itself; others may not know yet. */
  readonly onSlept?: () => void;
  readonly clock?: Clock;
}

/** How often the clocks are compared: a machine that slept must not show old data as fresh for long. */
const longestTickMs = 5 * secondMs;
/** How far the two clocks may differ in what passed; beyond it the machine slept, or its clock was set. */
const sleptMs = 10 * secondMs;

interface Moment {
  readonly wallMs: number;
  readonly monotonicMs: number;
}

export class SourceWatch {
  readonly client: SourceClient;
  readonly #ownAlerts: OwnAlerts | null;
  readonly #options: SourceWatchOptions;
  readonly #clock: Clock;
  #health: SourceHealth;
  /** When the last success was, or the start of the watch before the first. */
  #since: Moment;
  #compared: Moment;
  #inFlight: AbortController | null = null;
  #stopped = false;
  #cancelPoll: () => void = () => undefined;
  #cancelTick: () => void = () => undefined;

  constructor(options: SourceWatchOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    const client = clientOf(openSourceHttp(options.settings));
    this.client = client;
    this.#ownAlerts =
      client.kind === 'prometheus' && options.settings.tellsAlerts
        ? new OwnAlerts(client, () => this.#clock.monotonicMs())
        : null;
    this.#since = this.#now();
    this.#compared = this.#since;
    this.#health = unaskedHealth(options.settings);
  }

  /** Tells the health as it is and polls at once. */
  start(): void {
    this.#since = this.#now();
    this.#compared = this.#since;
    this.#options.onHealth(this.#health);
    this.#tick();
    this.pollNow();
  }

  /** Polls now instead of at the next turn; a poll that is under way is that poll. */
  pollNow(): void {
    if (this.#stopped || this.#inFlight !== null) return;
    this.#cancelPoll();
    drop(this.#poll(), 'a poll handles its own failures');
  }

  /**
   * Goes on after the machine slept: what is in flight is given up, the next questions go over new
   * connections, and the first of them comes soon but at no moment that other consoles share.
   */
  resume(): void {
    if (this.#stopped) return;
    this.#compared = this.#now();
    this.#inFlight?.abort();
    this.#inFlight = null;
    this.client.http.renew();
    this.#cancelPoll();
    const pauseMs = pauseAfterWakeMs(this.#options.settings.pollMs, this.#clock.random());
    this.#cancelPoll = this.#clock.after(pauseMs, () => this.pollNow());
    this.#tell({ nextAttemptAtMs: this.#clock.nowMs() + pauseMs });
  }

  /** Ends the watch for good: aborts what is in flight, gives sockets and timers back, tells nothing more. */
  stop(): void {
    this.#stopped = true;
    this.#cancelPoll();
    this.#cancelTick();
    this.#inFlight?.abort();
    drop(this.client.http.close(), 'nobody waits for the sockets of a stopped watch');
  }

  async #poll(): Promise<void> {
    const inFlight = new AbortController();
    this.#inFlight = inFlight;
    const began = this.#now();
    const { timeoutMs } = this.#options.settings;
    const outcome = await pollOnce(this.client, this.#ownAlerts, inFlight.signal, timeoutMs);
    // Given up meanwhile: the next one is on its way.
    if (this.#stopped || this.#inFlight !== inFlight) return;
    this.#inFlight = null;
    // An answer from before the sleep says nothing of now.
    if (this.#sleptSince(began)) return this.#wake();
    const tookMs = this.#clock.monotonicMs() - began.monotonicMs;
    const pauseMs = this.#learn(outcome, began.wallMs, tookMs);
    this.#cancelPoll = this.#clock.after(pauseMs, () => this.pollNow());
    this.#tick();
  }

  /** @returns how long to wait for the next poll. */
  #learn(outcome: Result<Polled, SourceFailure>, beganAtMs: number, tookMs: number): number {
    const { pollMs } = this.#options.settings;
    const random = this.#clock.random();
    const shared = {
      lastAttemptAtMs: beganAtMs,
      latencyMs: Math.round(tookMs),
      clockSkewMs: this.client.http.clockSkewMs,
    };
    if (!outcome.ok) {
      const consecutiveFailures = this.#health.consecutiveFailures + 1;
      const { failure } = outcome;
      const pauseMs = pauseAfterFailureMs(pollMs, consecutiveFailures, failure.retryAfterMs, random);
      const answered = failure.status !== null;
      this.#tell({
        ...shared,
        latencyMs: answered ? shared.latencyMs : this.#health.latencyMs,
        nextAttemptAtMs: this.#clock.nowMs() + pauseMs,
        consecutiveFailures,
        failure,
      });
      return pauseMs;
    }
    const pauseMs = pauseAfterSuccessMs(pollMs, tookMs, random);
    this.#since = this.#now();
    this.#tellAlerts(outcome.value.alerts);
    this.#tell({
      ...shared,
      lastSuccessAtMs: this.#since.wallMs,
      nextAttemptAtMs: this.#since.wallMs + pauseMs,
      version: outcome.value.version,
      tellsAlerts: outcome.value.alerts !== null,
      serverStartedAtMs: outcome.value.serverStartedAtMs,
      consecutiveFailures: 0,
      failure: null,
    });
    return pauseMs;
  }

  #tellAlerts(alerts: Polled['alerts']): void {
    if (alerts === null) return;
    this.#options.onAlerts({
      source: this.#options.settings.name,
      atMs: this.#since.wallMs,
      serverStartedAtMs: alerts.serverStartedAtMs,
      alerts: alerts.rows,
      knownEnds: alerts.knownEnds,
      configuration: alerts.configuration,
      peers: alerts.peers,
    });
  }

  /** Takes changes in, judges the state anew, and tells the whole where anything differs. */
  #tell(changes: Partial<SourceHealth>, now = this.#now()): void {
    if (this.#stopped) return;
    const next = { ...this.#health, ...changes };
    const state = stateAfter(this.#silence(next, now));
    const health = { ...next, state, staleSinceMs: this.#staleSince(state) };
    const before = JSON.stringify(this.#health);
    this.#health = health;
    if (JSON.stringify(health) !== before) this.#options.onHealth(health);
  }

  #staleSince(state: SourceState): number | null {
    if (state !== 'stale') return null;
    return this.#health.staleSinceMs ?? this.#clock.nowMs();
  }

  /** Judges what time alone has changed, and finds out that the machine slept. */
  #tick(): void {
    this.#cancelTick();
    const slept = this.#sleptSince(this.#compared);
    this.#compared = this.#now();
    if (slept) this.#wake();
    // One moment for both: a change that came due between them would be neither told nor waited for.
    const now = this.#now();
    this.#tell({}, now);
    const nextMs = nextStateChangeMs(this.#silence(this.#health, now)) ?? longestTickMs;
    this.#cancelTick = this.#clock.after(Math.min(longestTickMs, nextMs), () => this.#tick());
  }

  /** Never left to whoever listens: to them a second waking may be the same as the first. */
  #wake(): void {
    this.resume();
    this.#options.onSlept?.();
  }

  #sleptSince({ wallMs, monotonicMs }: Moment): boolean {
    const now = this.#now();
    return Math.abs(now.wallMs - wallMs - (now.monotonicMs - monotonicMs)) > sleptMs;
  }

  #silence(health: SourceHealth, now: Moment): Silence {
    return {
      pollMs: this.#options.settings.pollMs,
      // Whichever clock says more: never fresher than it is.
      sinceMs: Math.max(now.wallMs - this.#since.wallMs, now.monotonicMs - this.#since.monotonicMs),
      everSucceeded: health.lastSuccessAtMs !== null,
      consecutiveFailures: health.consecutiveFailures,
    };
  }

  #now(): Moment {
    return { wallMs: this.#clock.nowMs(), monotonicMs: this.#clock.monotonicMs() };
  }
}
