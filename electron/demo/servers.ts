import { createAlertmanagerApi } from './alertmanager/api.ts';
import { createFleet, retentionMs, type Fleet, type FleetResources } from './fleet.ts';
import { serveOnLoopback, type LoopbackServer } from './http-server.ts';
import { createJaegerApi } from './jaeger/api.ts';
import { createTraceStore } from './jaeger/trace-store.ts';
import { createLokiApi } from './loki/api.ts';
import { createLogStore } from './loki/log-store.ts';
import { createTail } from './loki/tail.ts';
import { createPrometheusApi } from './prometheus/api.ts';
import { hashOf } from './simulation/random.ts';

/** Serves a demo fleet on the loopback, by a clock: the process's own, or a test's. */
export interface DemoOptions {
  readonly resources: FleetResources;
  readonly seed: number;
  /** 0 for any free port. */
  readonly prometheusPort: number;
  readonly alertmanagerPort: number;
  readonly lokiPort: number;
  readonly jaegerPort: number;
  /** How many times faster than usual faults come and go. */
  readonly speed: number;
  /** Unix milliseconds at which the schedule of faults begins. */
  readonly epochAtMs: number;
  readonly nowMs: () => number;
}

export interface DemoServers {
  readonly prometheus: string;
  readonly alertmanager: string;
  readonly loki: string;
  readonly jaeger: string;
  close(): Promise<void>;
}

const beatMs = 1_000;

/** @returns a promise that fails where a port cannot be had. */
export async function serveDemo(options: DemoOptions): Promise<DemoServers> {
  const { resources, seed, speed, epochAtMs, nowMs } = options;
  const startedAtMs = nowMs();
  let prometheusUrl = '';
  const fleet = createFleet({
    resources,
    seed,
    speed,
    epochAtMs,
    startAtMs: startedAtMs,
    prometheusUrl: () => prometheusUrl,
  });
  const prometheusApi = createPrometheusApi({ ...fleet, startedAtMs, nowMs });
  const alertmanagerApi = createAlertmanagerApi({
    ...fleet,
    configuration: resources.alertmanager,
    startedAtMs,
    peerName: peerNameOf(seed, startedAtMs),
    nowMs,
  });
  const prometheus = await serveOnLoopback(options.prometheusPort, (request) => {
    fleet.advanceTo(nowMs());
    return prometheusApi(request);
  });
  prometheusUrl = prometheus.url;
  const alertmanager = await serveOnLoopback(options.alertmanagerPort, (request) => {
    fleet.advanceTo(nowMs());
    return alertmanagerApi(request);
  });
  const { loki, jaeger } = await serveLogsAndTraces(options, fleet);
  // The hours before are made up once the caller knows the addresses: whoever asks meanwhile waits.
  const catchUp = setImmediate(() => fleet.advanceTo(nowMs()));
  const beat = setInterval(() => fleet.advanceTo(nowMs()), beatMs);
  return {
    prometheus: prometheus.url,
    alertmanager: alertmanager.url,
    loki: loki.url,
    jaeger: jaeger.url,
    async close() {
      clearImmediate(catchUp);
      clearInterval(beat);
      await Promise.all([prometheus, alertmanager, loki, jaeger].map((server) => server.close()));
    },
  };
}

/** Logs and traces are made of the simulation when they are asked for: they need no beat. */
async function serveLogsAndTraces(
  { seed, lokiPort, jaegerPort, nowMs }: DemoOptions,
  { simulation }: Fleet,
): Promise<{ readonly loki: LoopbackServer; readonly jaeger: LoopbackServer }> {
  const store = createLogStore(seed, simulation, retentionMs, nowMs);
  const traces = createTraceStore(simulation.requests, retentionMs, nowMs);
  return {
    loki: await serveOnLoopback(lokiPort, createLokiApi({ store, nowMs }), createTail(store, nowMs)),
    jaeger: await serveOnLoopback(jaegerPort, createJaegerApi({ store: traces, nowMs })),
  };
}

/** A name like those that Alertmanager gives itself anew at every start: 26 signs of Crockford's base 32. */
function peerNameOf(seed: number, startedAtMs: number): string {
  const signs = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  const sign = (_: unknown, place: number): string => signs[hashOf(seed, startedAtMs, place) % 32] ?? '0';
  return `01${Array.from({ length: 24 }, sign).join('')}`;
}
