import type { SourceFailure } from '#shared/failure.ts';
import { success, type Result } from '#shared/result.ts';
import { formatDateTime, hourMs } from '#shared/time.ts';
import type { AlertmanagerClient } from './alertmanager/client.ts';
import type { JaegerClient, JaegerDialect } from './jaeger/client.ts';
import type { LokiClient } from './loki/client.ts';
import type { PrometheusClient } from './prometheus/client.ts';
import type { SourceClient } from './source-client.ts';

/** What a source says about itself, asked now, in the words of the Sources view. Asks, never keeps. */

export interface SourceFact {
  readonly label: string;
  readonly value: string;
}

/** One fact that a server may refuse on its own: the others stand all the same. */
interface Question {
  readonly label: string;
  readonly value: Promise<Result<string, SourceFailure>>;
}

/**
 * @returns the facts; a failure only where the first question, who the server is, has no answer. A later
 * question that fails is a fact that says so.
 */
export async function describeSource(
  client: SourceClient,
  signal: AbortSignal,
): Promise<Result<readonly SourceFact[], SourceFailure>> {
  switch (client.kind) {
    case 'prometheus':
      return describePrometheus(client, signal);
    case 'alertmanager':
      return describeAlertmanager(client, signal);
    case 'loki':
      return describeLoki(client, signal);
    case 'jaeger':
      return describeJaeger(client, signal);
  }
}

async function describePrometheus(
  client: PrometheusClient,
  signal: AbortSignal,
): Promise<Result<readonly SourceFact[], SourceFailure>> {
  const build = await client.buildInfo({ signal });
  if (!build.ok) return build;
  const facts = await answered([
    { label: 'Started', value: told(client.runtimeInfo({ signal }), (it) => formatDateTime(it.startedAtMs)) },
    { label: 'Targets', value: told(client.targets({ signal }), (rows) => counts(rows, 'health')) },
    { label: 'Rules', value: told(client.rules({ signal }), (rows) => counts(rows, 'health')) },
    { label: 'Active alerts', value: told(client.alerts({ signal }), (rows) => counts(rows, 'state')) },
    { label: 'Series', value: told(client.headStatistics({ signal }), (head) => String(head.series)) },
  ]);
  return success([{ label: 'Version', value: build.value.version }, ...facts]);
}

async function describeAlertmanager(
  client: AlertmanagerClient,
  signal: AbortSignal,
): Promise<Result<readonly SourceFact[], SourceFailure>> {
  const status = await client.status({ signal });
  if (!status.ok) return status;
  const { version, startedAtMs, cluster } = status.value;
  const facts = await answered([
    { label: 'Alerts', value: told(client.alerts({ signal }), (rows) => counts(rows, 'state')) },
    { label: 'Groups', value: told(client.groups({ signal }), (groups) => String(groups.length)) },
    {
      label: 'Silences',
      value: told(client.silences({ signal }), (rows) =>
        counts(
          rows.filter(({ state }) => state !== 'expired'),
          'state',
        ),
      ),
    },
    { label: 'Receivers', value: told(client.receivers({ signal }), (names) => names.join(', ')) },
  ]);
  const peers = cluster.peers.map(({ name, address }) => `${name} (${address})`);
  return success([
    { label: 'Version', value: version },
    { label: 'Started', value: formatDateTime(startedAtMs) },
    { label: 'Cluster', value: cluster.status },
    ...(peers.length === 0 ? [] : [{ label: 'Peers', value: peers.join(', ') }]),
    ...facts,
  ]);
}

async function describeLoki(
  client: LokiClient,
  signal: AbortSignal,
): Promise<Result<readonly SourceFact[], SourceFailure>> {
  const build = await client.buildInfo({ signal });
  if (!build.ok) return build;
  const toMs = Date.now();
  const range = { fromMs: toMs - hourMs, toMs };
  // No count of streams: on a large server that question alone may take a minute.
  const facts = await answered([
    { label: 'Labels in the last hour', value: told(client.labels(null, range, { signal }), named) },
  ]);
  return success([{ label: 'Version', value: build.value.version }, ...facts]);
}

async function describeJaeger(
  client: JaegerClient,
  signal: AbortSignal,
): Promise<Result<readonly SourceFact[], SourceFailure>> {
  const services = await client.services({ signal });
  if (!services.ok) return services;
  const facts = await answered([
    {
      label: 'Version',
      value: told(client.version({ signal }), (version) => version || 'its page names none'),
    },
    {
      label: 'Searched over',
      value: told(client.dialect(services.value[0] ?? '', { signal }), (dialect) => dialectWords[dialect]),
    },
  ]);
  return success([...facts, { label: 'Services', value: String(services.value.length) }]);
}

const dialectWords = {
  summaries: 'API v3 with summaries (2.19 and later)',
  v1: 'API v1 (before 2.19)',
  v3: 'API v3 without summaries',
} as const satisfies Record<JaegerDialect, string>;

async function told<Value>(
  answer: Promise<Result<Value, SourceFailure>>,
  words: (value: Value) => string,
): Promise<Result<string, SourceFailure>> {
  const result = await answer;
  return result.ok ? success(words(result.value)) : result;
}

async function answered(questions: readonly Question[]): Promise<readonly SourceFact[]> {
  return Promise.all(
    questions.map(async ({ label, value }) => {
      const result = await value;
      return { label, value: result.ok ? result.value : `not told: ${result.failure.message}` };
    }),
  );
}

function named(names: readonly string[]): string {
  return names.length === 0 ? 'none' : names.join(', ');
}

/** `12 up, 1 down`, the most first; `none` for an empty list. */
function counts<Key extends string>(rows: readonly Readonly<Record<Key, string | null>>[], key: Key): string {
  const byWord = Map.groupBy(rows, (row) => row[key] ?? 'unknown');
  const parts = [...byWord]
    .toSorted(([, left], [, right]) => right.length - left.length)
    .map(([word, same]) => `${same.length} ${word}`);
  return parts.length === 0 ? 'none' : parts.join(', ');
}
