import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readResources } from './fleet.ts';
import { serveDemo } from './servers.ts';

/**
 * Serves a simulated platform's Prometheus, Alertmanager, Loki and Jaeger on the loopback, as the arguments
 * tell. Its process is made by a host or by hand, and each has its own way to hear where it serves.
 *
 *   [--seed N] [--prometheus-port N] [--alertmanager-port N] [--loki-port N] [--jaeger-port N]
 *     [--speed N] [--epoch MS]
 */

/** Where it serves, and the folders of the demo's local rules and runbooks, absolute. */
export interface DemoAddress {
  readonly prometheus: string;
  readonly alertmanager: string;
  readonly loki: string;
  readonly jaeger: string;
  readonly rulesFolder: string;
  readonly runbooksFolder: string;
}

export interface RunningDemo {
  readonly address: DemoAddress;
  readonly close: () => Promise<void>;
}

const options = {
  seed: { type: 'string', default: '1' },
  'prometheus-port': { type: 'string', default: '0' },
  'alertmanager-port': { type: 'string', default: '0' },
  'loki-port': { type: 'string', default: '0' },
  'jaeger-port': { type: 'string', default: '0' },
  /** How many times faster than usual faults come and go. */
  speed: { type: 'string', default: '1' },
  /** Unix milliseconds at which the schedule of faults begins: with it, a run can be repeated. */
  epoch: { type: 'string', default: '0' },
} as const;

const limits = {
  seed: [0, 2 ** 31],
  'prometheus-port': [0, 65_535],
  'alertmanager-port': [0, 65_535],
  'loki-port': [0, 65_535],
  'jaeger-port': [0, 65_535],
  speed: [0.1, 20],
  epoch: [0, 8.64e15],
} as const;

/** @throws where an argument is not one of these, or a port cannot be had. */
export async function runDemo(argv: readonly string[]): Promise<RunningDemo> {
  const { values } = parseArgs({ args: [...argv], options });
  const number = (name: keyof typeof limits): number => readNumber(name, values[name]);
  const resourcesFolder = new URL('../../resources/demo/', import.meta.url);
  const servers = await serveDemo({
    resources: await readResources(resourcesFolder),
    seed: number('seed'),
    prometheusPort: number('prometheus-port'),
    alertmanagerPort: number('alertmanager-port'),
    lokiPort: number('loki-port'),
    jaegerPort: number('jaeger-port'),
    speed: number('speed'),
    epochAtMs: number('epoch'),
    nowMs: Date.now,
  });
  const { prometheus, alertmanager, loki, jaeger } = servers;
  const rulesFolder = fileURLToPath(new URL('local-rules', resourcesFolder));
  const runbooksFolder = fileURLToPath(new URL('runbooks', resourcesFolder));
  return {
    address: { prometheus, alertmanager, loki, jaeger, rulesFolder, runbooksFolder },
    close: () => servers.close(),
  };
}

function readNumber(name: keyof typeof limits, text: string): number {
  const value = Number(text);
  const [least, most] = limits[name];
  if (value >= least && value <= most) return value;
  throw new RangeError(`--${name} must be a number from ${least} to ${most}, not ${text}`);
}
