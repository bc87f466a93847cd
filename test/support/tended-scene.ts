import type { ObservedAlert } from '#core/incidents/alert-history.ts';
import type { SilenceServer } from '#core/silences/silence-server.ts';
import type { Silence } from '#core/sources/alertmanager/model.ts';
import { fingerprintOf, type Labels } from '#shared/model/labels.ts';
import { compileSilence } from '#shared/silences/compile-silence.ts';
import { minuteMs, secondMs } from '#shared/time.ts';
import { MovedClock, SimulatedAlertmanager } from './silence-world.ts';
import { TendedConsole, type TendedConsoleOptions, type TendedServer } from './tended-world.ts';

/** Two simulated peers, what fires at them, and a console that looks after silences: in a time that the test moves. */

interface Running {
  readonly it: TendedConsole;
  readonly life: object;
  /** While it sleeps nothing of it happens, but later. */
  isAsleep: boolean;
  readonly late: (() => void)[];
}

export const tendedLengthMs = 15 * minuteMs;

export class TendedScene {
  readonly clock = new MovedClock();
  readonly a = new SimulatedAlertmanager('a', this.clock);
  readonly b = new SimulatedAlertmanager('b', this.clock);
  /** A stranger, which a test may configure under a name of one of them. */
  readonly c = new SimulatedAlertmanager('c', this.clock, { identity: 'stranger' });
  /** What fires at both, and at the stranger. */
  firing: readonly Labels[];
  firingAtC: readonly Labels[] = [];
  /** How long a server takes to tell its silences, beyond what anything takes. */
  slowSilencesMs = 0;
  /** Which are configured. */
  #servers: readonly SimulatedAlertmanager[] = [this.a, this.b];
  readonly #configured: TendedServer[] = [];
  #running: Running | undefined;

  constructor(firing: readonly Labels[]) {
    this.firing = firing;
  }

  get console(): TendedConsole {
    return this.running.it;
  }

  get running(): Running {
    if (this.#running === undefined) throw new Error('it was not started');
    return this.#running;
  }

  async start(options: Pick<TendedConsoleOptions, 'before' | 'operator'> = {}): Promise<void> {
    const { clock } = this;
    const life = {};
    const late: (() => void)[] = [];
    const state = { life, late, isAsleep: false };
    const it = new TendedConsole({
      clock: {
        nowMs: clock.nowMs,
        monotonicMs: clock.monotonicMs,
        random: clock.random,
        after: (ms, work) => clock.after(ms, () => (state.isAsleep ? void late.push(work) : work())),
      },
      servers: this.#served(life),
      times: { acknowledgementMs: tendedLengthMs, reminderLeadMs: tendedLengthMs },
      ...options,
    });
    this.#running = Object.assign(state, { it });
    await it.start();
    await this.pass(secondMs);
  }

  async stop(): Promise<void> {
    const stopped = this.console.stop();
    await this.clock.advance(5 * secondMs);
    await stopped;
  }

  /** The configuration is edited: only these are asked from now on, under the names that they have now. */
  async configure(...servers: readonly SimulatedAlertmanager[]): Promise<void> {
    const before = this.#servers.map(({ source }) => source);
    this.#servers = servers;
    this.#served(this.running.life);
    await this.console.altered([...before, 'a', 'b']);
    await this.pass(2 * secondMs);
  }

  /** Everything in its memory is gone, and nothing comes of what was under way. */
  kill(): TendedConsole {
    const { running } = this;
    this.a.kill(running.life);
    this.b.kill(running.life);
    this.c.kill(running.life);
    running.isAsleep = true;
    return running.it;
  }

  async wake(): Promise<void> {
    const { running } = this;
    running.isAsleep = false;
    for (const work of running.late.splice(0)) work();
    await this.pass(15 * secondMs);
  }

  /** In steps of a second: both peers gossip and are polled. */
  async pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += secondMs) {
      this.a.gossipWith(this.b);
      for (const server of this.#servers) {
        if (this.running.isAsleep || server.mode !== 'answers') continue;
        await this.console.polled(server.source, this.#alertsAt(server));
      }
      await this.clock.advance(secondMs);
    }
  }

  active(): readonly Silence[] {
    return [...this.a.silences.values()].filter((silence) => this.#isActive(silence));
  }

  isQuiet(labels: Labels): boolean {
    return this.active().some((silence) => takes(silence, labels));
  }

  /** The open incident of a service. */
  incidentId(service: string): number | undefined {
    const open = [...this.console.book.incidents()].filter(({ resolvedAtMs }) => resolvedAtMs === null);
    return open.find((incident) => incident.service === service)?.id;
  }

  #served(life: object): TendedServer[] {
    const served = this.#servers.map((server) => ({
      server: this.#slow(server.serve(life)),
      isFresh: () => server.mode === 'answers',
      peers: [{ name: server === this.c ? 'stranger' : 'peer', address: '10.0.0.1' }],
    }));
    this.#configured.splice(0, this.#configured.length, ...served);
    return this.#configured;
  }

  #slow(server: SilenceServer): SilenceServer {
    const silences: SilenceServer['silences'] = async () => {
      if (this.slowSilencesMs > 0)
        await new Promise<void>((resolve) => void this.clock.after(this.slowSilencesMs, resolve));
      return await server.silences();
    };
    return { ...server, silences };
  }

  #alertsAt(server: SimulatedAlertmanager): ObservedAlert[] {
    const active = [...server.silences.values()].filter((silence) => this.#isActive(silence));
    const firing = server === this.c ? this.firingAtC : this.firing;
    return firing.map((labels) => {
      const silencedBy = active.filter((one) => takes(one, labels)).map(({ id }) => id);
      return {
        fingerprint: fingerprintOf(labels),
        labels,
        annotations: {},
        startsAtMs: 0,
        generatorUrl: '',
        state: silencedBy.length > 0 ? 'suppressed' : 'firing',
        silencedBy,
        inhibitedBy: [],
      };
    });
  }

  #isActive(silence: Silence): boolean {
    return silence.state === 'active' && silence.endsAtMs > this.clock.nowMs();
  }
}

function takes({ matchers }: Silence, labels: Labels): boolean {
  const compiled = compileSilence(matchers);
  return compiled.ok && compiled.value.matches(labels);
}
