import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as realPause } from 'node:timers/promises';
import { vi } from 'vitest';
import { startCore } from '#core/main.ts';
import type { CoreStart, HostPort, HostServices, NotificationAction, PowerEvent } from '#host/port.ts';
import { contract, type Commands, type Topics } from '#shared/contract.ts';
import type { HostNotification } from '#shared/host-window.ts';
import { linkPair, type Link } from '#shared/link.ts';
import type { Attention } from '#shared/model/attention.ts';
import type { ConsoleStatus } from '#shared/model/console.ts';
import type { IncidentRow } from '#shared/model/incident.ts';
import type { SourceHealth } from '#shared/model/source.ts';
import { failed, success } from '#shared/result.ts';
import { RpcClient } from '#shared/rpc/client.ts';
import type { InputOf } from '#shared/rpc/definition.ts';
import { AlertmanagerDouble } from './alertmanager-double.ts';
import type { Cleanup } from './cleanup.ts';
import { temporaryFolder } from './temporary-folder.ts';

/**
 * A whole core in this process, with its real store and real connections, in a time that the test moves:
 * the machine may sleep and its clock may be set. The Alertmanager that it watches does what it is told.
 */
export class ScriptedAlertmanager {
  double = new AlertmanagerDouble();
  mode: 'answers' | 'refuses' | 'hangs' = 'answers';
  /** Its clock minus the machine's. */
  skewMs = 0;
  inFlight = 0;
  readonly hanging: ServerResponse[] = [];
  /** Of each question for alerts, by the clock that never goes back. */
  readonly askedAtMs: number[] = [];
  url = '';

  async listen(cleanup: Cleanup): Promise<void> {
    const server = createServer((request, response) => {
      const path = (request.url ?? '').split('?')[0] ?? '';
      if (path === '/api/v2/alerts') this.askedAtMs.push(performance.now());
      if (this.mode === 'refuses') return void request.socket.destroy();
      if (this.mode === 'hangs') return void this.hanging.push(response);
      this.inFlight++;
      response.once('close', () => this.inFlight--);
      this.answer(path, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    cleanup.add(() => {
      server.closeAllConnections();
      server.close();
    });
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  answer(path: string, response: ServerResponse): void {
    const date = new Date(Date.now() + this.skewMs).toUTCString();
    response.writeHead(200, { 'content-type': 'application/json', date });
    response.end(JSON.stringify(this.double.answer(path) ?? {}));
  }

  /** Names of what fires from now on. */
  fires(...names: readonly string[]): void {
    this.double.setAlerts(names.map((alertname) => ({ labels: { alertname, severity: 'critical' } })));
  }

  /** Forgets all that it had. */
  restart(): void {
    this.double = new AlertmanagerDouble();
  }
}

class HostStub implements HostPort {
  readonly services: HostServices = {
    secret: async () => failed({ message: 'there is none', accepted: '' }),
    systemProxy: async () => success(null),
    onChanged: (listener) => void (this.servicesChanged = listener),
  };
  readonly shown: HostNotification[] = [];
  readonly attentions: Attention[] = [];
  readonly withdrawn: string[] = [];
  link: (link: Link) => void = () => undefined;
  power: (event: PowerEvent, atMs: number) => void = () => undefined;
  act: (id: string, action: NotificationAction, atMs: number) => void = () => undefined;
  pause: (untilMs: number | null) => void = () => undefined;
  /** The configuration is read again. */
  servicesChanged: () => void = () => undefined;
  stop: () => void | Promise<void> = () => undefined;
  #confirm: (id: string, outcome: 'shown' | 'denied', atMs: number) => void = () => undefined;

  onLink(listener: (link: Link) => void): void {
    this.link = listener;
  }
  onNotificationOutcome(listener: (id: string, outcome: 'shown' | 'denied', atMs: number) => void): void {
    this.#confirm = listener;
  }
  onNotificationAction(listener: (id: string, action: NotificationAction, atMs: number) => void): void {
    this.act = listener;
  }
  onPauseNotifications(listener: (untilMs: number | null) => void): void {
    this.pause = listener;
  }
  onPower(listener: (event: PowerEvent, atMs: number) => void): void {
    this.power = listener;
  }
  onStop(listener: () => void | Promise<void>): void {
    this.stop = listener;
  }
  notify(notification: HostNotification): void {
    if (!this.shown.some(({ id }) => id === notification.id)) this.shown.push(notification);
    queueMicrotask(() => this.#confirm(notification.id, 'shown', Date.now()));
  }
  withdraw(id: string): void {
    this.withdrawn.push(id);
  }
  attention(attention: Attention): void {
    this.attentions.push(attention);
  }
  ready(): void {
    // The test waits for the core itself.
  }
  refuse({ message }: { readonly message: string }): void {
    throw new Error(message);
  }
}

export class SleepingCore {
  readonly host = new HostStub();
  rows: readonly IncidentRow[] = [];
  status: ConsoleStatus | null = null;
  sources: readonly SourceHealth[] = [];
  /** How long each source waited before it was asked again after a waking. */
  readonly wakePausesMs: number[] = [];
  readonly alertmanager: ScriptedAlertmanager;
  readonly #start: CoreStart;
  #rpc: RpcClient<Commands, Topics> | null = null;
  #isRunning = false;
  /** What the clock that never goes back went on by while the machine slept. */
  #sleptRunningMs = 0;
  /** The next poll's time has passed, and its timer has not. */
  #hasSlept = false;

  private constructor(alertmanager: ScriptedAlertmanager, start: CoreStart) {
    this.alertmanager = alertmanager;
    this.#start = start;
  }

  /**
   * Time stands still from here on, at that moment, until the cleanup.
   * @param more of its configuration: keys of its source, each after a comma, and lines of the file.
   */
  static async start(
    cleanup: Cleanup,
    atMs: number,
    more: { readonly ofSource?: string; readonly ofFile?: string } = {},
  ): Promise<SleepingCore> {
    const folder = temporaryFolder(cleanup);
    vi.useFakeTimers({
      now: atMs,
      toFake: ['Date', 'performance', 'setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'],
    });
    cleanup.add(() => vi.useRealTimers());
    const alertmanager = new ScriptedAlertmanager();
    await alertmanager.listen(cleanup);
    const configurationPath = join(folder, 'opssight.yaml');
    const source = `  - { name: am, kind: alertmanager, url: "${alertmanager.url}", poll: 15s, timeout: 5s${more.ofSource ?? ''} }`;
    writeFileSync(configurationPath, `operator: tester\n${more.ofFile ?? ''}sources:\n${source}\n`);
    const core = new SleepingCore(alertmanager, {
      dataDirectory: join(folder, 'data'),
      configurationPath,
      demo: null,
      safeMode: false,
      discovery: [],
    });
    const running = performance.now.bind(performance);
    performance.now = () => running() + core.#sleptRunningMs;
    cleanup.add(() => core.stop());
    await core.run();
    return core;
  }

  async run(): Promise<void> {
    await startCore(this.host, this.#start);
    this.#isRunning = true;
    const [core, window] = linkPair();
    this.host.link(core);
    const rpc = new RpcClient<Commands, Topics>(window, contract);
    this.#rpc = rpc;
    const ended = (): void => undefined;
    rpc.subscribe('incidents', '', (rows) => (this.rows = rows), ended);
    rpc.subscribe('console', '', (status) => (this.status = status), ended);
    rpc.subscribe('sources', '', (sources) => this.#sawSources(sources), ended);
    await this.#settled();
  }

  async stop(): Promise<void> {
    if (!this.#isRunning) return;
    this.#isRunning = false;
    await this.host.stop();
  }

  /** The source is asked otherwise from here on, as where another network has another proxy. */
  async alter(from: string, to: string): Promise<void> {
    const { configurationPath } = this.#start;
    writeFileSync(configurationPath, readFileSync(configurationPath, 'utf8').replace(from, to));
    this.host.servicesChanged();
    await this.#settled();
  }

  /** Time passes while the machine runs. */
  async pass(ms: number): Promise<void> {
    const stepMs = ms > 90_000 ? 5_000 : 1_000;
    for (let left = ms; left > 0; left -= stepMs) {
      await vi.advanceTimersByTimeAsync(Math.min(stepMs, left));
      await realPause(1);
      if (this.#isUnderWay()) await this.#settled();
    }
    await realPause(10);
    await this.#settled();
  }

  /** No timer runs meanwhile. @param isCounted whether the running clock goes on, as some systems' does. */
  sleep(ms: number, isCounted = false): void {
    this.#hasSlept = true;
    vi.setSystemTime(Date.now() + ms);
    if (isCounted) this.#sleptRunningMs += ms;
  }

  call(command: 'notifications.pause', input: { readonly minutes: number | null }): Promise<unknown>;
  call(
    command: 'incident.release',
    input: { readonly ids: number[]; readonly undo: boolean },
  ): Promise<unknown>;
  call(command: 'views.save', input: InputOf<Commands['views.save']>): Promise<unknown>;
  async call(
    command: 'notifications.pause' | 'incident.release' | 'views.save',
    input: never,
  ): Promise<unknown> {
    const answer = await this.#rpc?.call(command, input);
    await this.#settled();
    return answer;
  }

  /** What a notification's button does. */
  async act(id: string, action: NotificationAction): Promise<void> {
    this.host.act(id, action, Date.now());
    await this.#settled();
  }

  async timelineOf(incidentId: number): Promise<string[]> {
    return new Promise((resolve) => {
      const end = this.#rpc?.subscribe(
        'incident',
        String(incidentId),
        (detail) => {
          resolve((detail?.timeline ?? []).map(({ text, detail: more, by }) => [text, more, by].join('; ')));
          queueMicrotask(() => end?.());
        },
        () => resolve([]),
      );
    });
  }

  /** Until what is due has been asked and answered, and all that follows from it is done. */
  async #settled(): Promise<void> {
    for (let tries = 0; tries < 5_000 && this.#isUnderWay(); tries++) await realPause(1);
    // Refused in its turn: so all that came before it is done.
    for (let turn = 0; turn < 3; turn++)
      await this.#rpc?.call('incident.note', { ids: [999_999], text: 'turn' });
  }

  #isUnderWay(): boolean {
    if (this.alertmanager.mode === 'hangs') return this.alertmanager.hanging.length === 0 && this.#isDue();
    return this.alertmanager.inFlight > 0 || this.#isDue();
  }

  #isDue(): boolean {
    if (this.#hasSlept) return false;
    return (
      this.sources.length === 0 ||
      this.sources.some(({ nextAttemptAtMs }) => nextAttemptAtMs === null || nextAttemptAtMs <= Date.now())
    );
  }

  #sawSources(sources: readonly SourceHealth[]): void {
    const [before, now] = [this.sources[0], sources[0]];
    this.sources = sources;
    if (before === undefined || now === undefined || now.nextAttemptAtMs === null) return;
    if (before.nextAttemptAtMs !== now.nextAttemptAtMs) this.#hasSlept = false;
    const isOfAPoll = before.lastAttemptAtMs !== now.lastAttemptAtMs;
    if (isOfAPoll || before.nextAttemptAtMs === now.nextAttemptAtMs) return;
    this.wakePausesMs.push(now.nextAttemptAtMs - Date.now());
  }
}
