import type { Labels } from '#shared/model/labels.ts';
import { namespace, nodes, pods } from '../simulation/platform.ts';

/** One log line of the demo and the streams there are. Files that write lines make entries of these. */
export interface LogEntry {
  readonly atMs: number;
  /** Nanoseconds after `atMs`, below a million. */
  readonly nano: number;
  /** Index into `logStreams`. */
  readonly stream: number;
  readonly line: string;
  /** Structured metadata. */
  readonly metadata: Labels;
}

export type Level = 'debug' | 'info' | 'warn' | 'error' | 'critical';

const cluster = 'demo';

function streamOf(service: string, pod: string, space: string): Labels {
  return { cluster, namespace: space, pod, service, service_name: service };
}

/** Index labels of every stream; Loki adds `service_name` by itself. */
export const logStreams: readonly Labels[] = [
  ...pods.map(({ service, name }) => streamOf(service, name, namespace)),
  streamOf('postgres', 'pg-1', namespace),
  streamOf('redis', 'redis-0', namespace),
  ...nodes.map(({ name }) => streamOf('system', name, 'kube-system')),
];

const streamIndexes = new Map(logStreams.map(({ pod }, index) => [pod ?? '', index]));

/** @param pod a pod of the platform, `pg-1`, `redis-0` or a node's name. */
export function streamOfPod(pod: string): number {
  const index = streamIndexes.get(pod);
  if (index === undefined) throw new Error(`the demo has no log stream of ${pod}`);
  return index;
}

export interface JsonLine {
  readonly level: Level;
  readonly message: string;
  readonly category: string;
  readonly component: string;
  readonly logger: string;
  readonly context: Readonly<Record<string, string | number>>;
  readonly metadata: Readonly<Record<string, string | number>>;
}

/** A line in the shape of the platform's own logger. */
export function jsonLine(atMs: number, given: JsonLine): string {
  const { level, message, category, component, logger, context, metadata } = given;
  return JSON.stringify({
    timestamp: new Date(atMs).toISOString(),
    level,
    message,
    category,
    component,
    context,
    labels: { service: `opssight-${component}`, environment: 'production' },
    metadata: { logger, ...metadata },
  });
}
