import type { OutboxEntry, Silence } from '#shared/model/silence.ts';
import type { SourceHealth } from '#shared/model/source.ts';

/** To which Alertmanagers a silence can go. Pure. */

export interface Cluster {
  readonly name: string;
  readonly sources: readonly SourceHealth[];
}

/**
 * The core knows which sources gossip with each other and says so with each silence and each entry of the
 * outbox; one of which neither tells stands for itself, and the core takes it for its cluster.
 */
export function knownClusters(
  sources: readonly SourceHealth[],
  silences: readonly Silence[],
  outbox: readonly OutboxEntry[],
): readonly Cluster[] {
  const clusterOf = new Map<string, string>();
  for (const { cluster, targets } of outbox) for (const { source } of targets) clusterOf.set(source, cluster);
  for (const { cluster, sources: having, missingFrom } of silences) {
    for (const source of [...having, ...missingFrom]) clusterOf.set(source, cluster);
  }
  const managers = sources.filter(({ kind }) => kind === 'alertmanager');
  const byCluster = Map.groupBy(managers, ({ name }) => clusterOf.get(name) ?? name);
  return [...byCluster].map(([name, members]) => ({ name, sources: members }));
}

/** Members that are not seen now. */
export function unseenOf(cluster: Cluster | undefined): readonly SourceHealth[] {
  return cluster?.sources.filter(({ state }) => state === 'stale' || state === 'paused') ?? [];
}

/** The cluster that told of an incident, else the first. */
export function clusterFor(clusters: readonly Cluster[], sources: readonly string[]): string {
  const telling = clusters.find((cluster) => cluster.sources.some(({ name }) => sources.includes(name)));
  return (telling ?? clusters[0])?.name ?? '';
}
