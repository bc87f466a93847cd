import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import type { Place } from './real-servers.ts';
import { ServerProcess } from './server-process.ts';

export interface SampleServerOptions {
  /** Name of its folder, where one place has several. */
  readonly name?: string;
  /** Beginning of its configuration, such as `external_labels`; indented under `global:`. */
  readonly global?: string;
  readonly extraArguments?: readonly string[];
}

/**
 * A real Prometheus that scrapes nothing and takes samples of any time by remote write: the judge of what
 * queries over known samples answer.
 */
export async function startSampleServer(
  { commands, folder, cleanup }: Place,
  options: SampleServerOptions = {},
): Promise<ServerProcess> {
  const own = join(folder, options.name ?? 'samples');
  mkdirSync(own, { recursive: true });
  const configuration = join(own, 'prometheus.yml');
  writeFileSync(
    configuration,
    `global:\n  evaluation_interval: 1m\n${options.global ?? ''}storage:\n  tsdb: { out_of_order_time_window: 10y }\n`,
  );
  const address = `127.0.0.1:${await freePort()}`;
  return await new ServerProcess(
    {
      name: 'Prometheus',
      command: commands.prometheus,
      args: [
        `--config.file=${configuration}`,
        `--storage.tsdb.path=${join(own, 'data')}`,
        '--storage.tsdb.retention.time=100y',
        '--web.enable-remote-write-receiver',
        `--web.listen-address=${address}`,
        ...(options.extraArguments ?? []),
      ],
      url: `http://${address}`,
      readyUrl: `http://${address}/-/ready`,
    },
    cleanup,
  ).start();
}
