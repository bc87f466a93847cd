import { useMemo } from 'react';
import type { SourceHealth } from '#shared/model/source.ts';
import { useLive } from '../../app.ts';
import { useSight } from '../../parts/use-sight.ts';
import { knownClusters, unseenOf, type Cluster } from './clusters.ts';

export function useClusters(): readonly Cluster[] {
  const sources = useLive((state) => state.sources);
  const silences = useLive((state) => state.silences);
  const outbox = useLive((state) => state.outbox);
  return useMemo(
    () => knownClusters(sources ?? [], silences ?? [], outbox ?? []),
    [sources, silences, outbox],
  );
}

/** Which Alertmanagers of a cluster are not seen now, and whether anything is. */
export function useClusterSight(name: string): {
  readonly unseen: readonly SourceHealth[];
  readonly blind: boolean;
} {
  const clusters = useClusters();
  const blind = useSight().kind === 'blind';
  const unseen = useMemo(() => unseenOf(clusters.find((cluster) => cluster.name === name)), [clusters, name]);
  return { unseen, blind };
}
