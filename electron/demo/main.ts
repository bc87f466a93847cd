import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { drop, messageOf } from '#shared/result.ts';
import { readResources } from './fleet.ts';
import { serveDemo } from './servers.ts';

/**
 * The demo fleet's process: serves a simulated platform's Prometheus, Alertmanager, Loki and Jaeger on the
 * loopback, says where in one line of JSON on standard output, and ends with its standard input or on
 * SIGTERM. The line also names the folders of the demo's local rules and runbooks, absolute.
 *
 *   node electron/demo/main.ts [--seed N] [--prometheus-port N] [--alertmanager-port N] [--loki-port N]
 *     [--jaeger-port N] [--speed N] [--epoch MS]
 */
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    'prometheus-port': { type: 'string', default: '0' },
    'alertmanager-port': { type: 'string', default: '0' },
    'loki-port': { type: 'string', default: '0' },
    'jaeger-port': { type: 'string', default: '0' },
    /** How many times faster than usual faults come and go. */
    speed: { type: 'string', default: '1' },
    /** Unix milliseconds at which the schedule of faults begins: with it, a run can be repeated. */
    epoch: { type: 'string', default: '0' },
  },
});

const limits = {
  seed: [0, 2 ** 31],
  'prometheus-port': [0, 65_535],
  'alertmanager-port': [0, 65_535],
  'loki-port': [0, 65_535],
  'jaeger-port': [0, 65_535],
  speed: [0.1, 20],
  epoch: [0, 8.64e15],
} as const;

function number(name: keyof typeof limits): number {
  const value = Number(values[name]);
  const [least, most] = limits[name];
  if (value >= least && value <= most) return value;
  throw new RangeError(`--${name} must be a number from ${least} to ${most}, not ${values[name]}`);
}

async function start(): Promise<void> {
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
  const address = { prometheus, alertmanager, loki, jaeger, rulesFolder, runbooksFolder };
  process.stdout.write(`${JSON.stringify(address)}\n`);
  const stop = (): void =>
    drop(
      servers.close().then(() => process.exit(0)),
      'the process ends with it',
    );
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  process.stdin.once('end', stop);
  process.stdin.once('close', stop);
  process.stdin.resume();
}

try {
  await start();
} catch (error) {
  process.stderr.write(`opssight demo: ${messageOf(error)}\n`);
  process.exit(1);
}
