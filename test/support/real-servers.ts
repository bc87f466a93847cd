import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ServerCommands } from '../../scripts/provide/servers.ts';
import type { Cleanup } from './cleanup.ts';
import { freePort } from './free-port.ts';
import { ServerProcess } from './server-process.ts';

/**
 * Real Prometheus, Alertmanager and node_exporter on free loopback ports, with their data in a folder of
 * the test. They scrape, evaluate and send every second, so that a test sees in seconds what takes
 * minutes in production.
 */

export interface Place {
  readonly commands: ServerCommands;
  /** Data and configuration of the servers, a folder for each. */
  readonly folder: string;
  readonly cleanup: Cleanup;
}

/** Fires while its file is there and Prometheus was told to read it again. */
export interface AlertRule {
  readonly name: string;
  readonly expression: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** How long it is pending first, as Prometheus writes it; not at all unless told. */
  readonly for?: string;
}

export async function startNodeExporter({ commands, cleanup }: Place): Promise<ServerProcess> {
  const address = `127.0.0.1:${await freePort()}`;
  return await new ServerProcess(
    {
      name: 'node_exporter',
      command: commands.nodeExporter,
      args: [`--web.listen-address=${address}`, '--collector.disable-defaults', '--collector.loadavg'],
      url: `http://${address}`,
      readyUrl: `http://${address}/metrics`,
    },
    cleanup,
  ).start();
}

/** Everything to one receiver, which tells nobody. */
const quietConfiguration =
  'route: { receiver: nobody, group_by: [alertname] }\nreceivers: [{ name: nobody }]\n';

/** Starts a cluster of Alertmanagers that know each other, or a single one. */
export async function startAlertmanagers(
  place: Place,
  count = 1,
  configuration = quietConfiguration,
): Promise<readonly ServerProcess[]> {
  const clusterAddresses: string[] = [];
  for (let index = 0; index < count; index++) clusterAddresses.push(`127.0.0.1:${await freePort()}`);
  return await Promise.all(
    clusterAddresses.map(async (clusterAddress, index) => {
      const folder = join(place.folder, `alertmanager-${index}`);
      const address = `127.0.0.1:${await freePort()}`;
      const peers = clusterAddresses.filter((peer) => peer !== clusterAddress);
      const server = alertmanager(place, folder, { address, configuration }, [
        `--cluster.listen-address=${peers.length === 0 ? '' : clusterAddress}`,
        ...peers.map((peer) => `--cluster.peer=${peer}`),
        '--cluster.reconnect-interval=1s',
        '--cluster.settle-timeout=5s',
      ]);
      return await server.start();
    }),
  );
}

function alertmanager(
  { commands, cleanup }: Place,
  folder: string,
  { address, configuration }: { readonly address: string; readonly configuration: string },
  clusterArgs: readonly string[],
): ServerProcess {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'alertmanager.yml');
  writeFileSync(path, configuration);
  return new ServerProcess(
    {
      name: 'Alertmanager',
      command: commands.alertmanager,
      args: [
        `--config.file=${path}`,
        `--storage.path=${join(folder, 'data')}`,
        `--web.listen-address=${address}`,
        `--web.external-url=http://${address}/`,
        ...clusterArgs,
      ],
      url: `http://${address}`,
      readyUrl: `http://${address}/-/ready`,
    },
    cleanup,
  );
}

export interface PrometheusOptions {
  readonly nodeExporter: ServerProcess;
  readonly alertmanagers: readonly ServerProcess[];
  readonly rules: readonly AlertRule[];
  /** Added to what is sent to Alertmanagers. */
  readonly externalLabels?: Readonly<Record<string, string>>;
}

export class PrometheusServer extends ServerProcess {
  readonly #rulesFile: string;

  constructor(place: Place, address: string, options: PrometheusOptions) {
    const folder = join(place.folder, 'prometheus');
    const rulesFile = join(folder, 'rules.yml');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'prometheus.yml'), prometheusConfiguration(options));
    super(
      {
        name: 'Prometheus',
        command: place.commands.prometheus,
        args: [
          `--config.file=${join(folder, 'prometheus.yml')}`,
          `--storage.tsdb.path=${join(folder, 'data')}`,
          `--web.listen-address=${address}`,
          `--web.external-url=http://${address}/`,
          '--web.enable-lifecycle',
          '--rules.alert.resend-delay=2s',
        ],
        url: `http://${address}`,
        readyUrl: `http://${address}/-/ready`,
      },
      place.cleanup,
    );
    this.#rulesFile = rulesFile;
    this.#writeRules(options.rules);
  }

  /** Puts other rules in force: an alert whose rule is gone is resolved by Prometheus. */
  async setRules(rules: readonly AlertRule[]): Promise<void> {
    this.#writeRules(rules);
    const answer = await fetch(`${this.url}/-/reload`, { method: 'POST' });
    if (!answer.ok) throw new Error(`Prometheus did not take the rules: ${await answer.text()}`);
  }

  #writeRules(rules: readonly AlertRule[]): void {
    const groups = rules.length === 0 ? [] : [{ name: 'test', interval: '1s', rules: rules.map(ruleText) }];
    // JSON is YAML.
    writeFileSync(this.#rulesFile, JSON.stringify({ groups }));
  }
}

export async function startPrometheus(place: Place, options: PrometheusOptions): Promise<PrometheusServer> {
  const address = `127.0.0.1:${await freePort()}`;
  return await new PrometheusServer(place, address, options).start();
}

function ruleText({ name, expression, ...rule }: AlertRule): unknown {
  return { alert: name, expr: expression, ...rule };
}

function prometheusConfiguration({
  nodeExporter,
  alertmanagers,
  externalLabels = { cluster: 'real' },
}: PrometheusOptions): string {
  return JSON.stringify({
    global: { scrape_interval: '1s', evaluation_interval: '1s', external_labels: externalLabels },
    rule_files: ['rules.yml'],
    alerting: { alertmanagers: [{ static_configs: [{ targets: alertmanagers.map(hostOf) }] }] },
    scrape_configs: [{ job_name: 'node', static_configs: [{ targets: [hostOf(nodeExporter)] }] }],
  });
}

function hostOf(server: ServerProcess): string {
  return new URL(server.url).host;
}
