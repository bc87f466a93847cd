/**
 * Which Alertmanagers are one cluster. Each tells its peers with their names and the addresses over which they
 * gossip; the addresses at which the console asks them say nothing. A name is new with every start unless it is
 * configured, and addresses repeat behind other networks, so two sources are one cluster where both of a peer
 * are the same. Source: prometheus/alertmanager cluster/cluster.go.
 */
export interface ToldPeers {
  readonly source: string;
  /** Itself included; empty where it is no cluster. */
  readonly peers: readonly { readonly name: string; readonly address: string }[];
  /** False for what is remembered of a source that is away: what it told may be long past. */
  readonly isHeard: boolean;
}

export interface SilenceCluster {
  /** Its first source in the order of the configuration. */
  readonly name: string;
  readonly sources: readonly string[];
}

/**
 * @param told in the order of the configuration.
 * @param before the clusters until now: a source that is away stays with its own.
 */
export function clustersOf(
  told: readonly ToldPeers[],
  before: readonly SilenceCluster[],
): readonly SilenceCluster[] {
  const leader = new Map(told.map(({ source }) => [source, source]));
  const leaderOf = (source: string): string => {
    let found = source;
    for (let next = leader.get(found); next !== undefined && next !== found; next = leader.get(found))
      found = next;
    return found;
  };
  const unite = (left: string, right: string): void => void leader.set(leaderOf(right), leaderOf(left));
  const byPeer = new Map<string, string>();
  for (const { source, peers } of told) {
    for (const { name, address } of peers) {
      const peer = JSON.stringify([name, address]);
      const other = byPeer.get(peer);
      if (other === undefined) byPeer.set(peer, source);
      else unite(other, source);
    }
  }
  for (const { source, isHeard } of told) {
    const mates = isHeard ? undefined : before.find(({ sources }) => sources.includes(source));
    const mate = mates?.sources.find((other) => other !== source && leader.has(other));
    if (mate !== undefined) unite(mate, source);
  }
  const byLeader = Map.groupBy(told, ({ source }) => leaderOf(source));
  return [...byLeader.values()].map((members) => {
    const sources = members.map(({ source }) => source);
    return { name: sources[0] ?? '', sources };
  });
}

/** The cluster that a source is of, by the name of any of its sources; undefined where it is not configured. */
export function clusterWith(clusters: readonly SilenceCluster[], source: string): SilenceCluster | undefined {
  return clusters.find(({ sources }) => sources.includes(source));
}
