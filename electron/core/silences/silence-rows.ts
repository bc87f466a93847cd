import type { Silence as ToldSilence } from '#core/sources/alertmanager/model.ts';
import type { TendedSilenceRecord } from '#core/store/records.ts';
import type { Silence } from '#shared/model/silence.ts';
import type { SilenceCluster } from './clusters.ts';

/** One row for each silence of a cluster, of what each of its sources told last. Pure. */

export interface ToldSilences {
  readonly silences: readonly ToldSilence[];
  /** When the answer was complete. */
  readonly heardAtMs: number;
}

export type Tended = Pick<TendedSilenceRecord, 'care' | 'endsAfterQuietMs'>;

export interface RowContext {
  readonly clusters: readonly SilenceCluster[];
  /** By the id of a silence: how many open alerts it silences. */
  readonly counts: ReadonlyMap<string, number>;
  /** By the id of a silence: why it is looked after. */
  readonly cares: ReadonlyMap<string, Tended>;
  readonly nowMs: number;
}

export function silenceRows(told: ReadonlyMap<string, ToldSilences>, context: RowContext): Silence[] {
  return context.clusters.flatMap((cluster) => rowsOf(cluster, told, context));
}

function rowsOf(
  { name, sources }: SilenceCluster,
  told: ReadonlyMap<string, ToldSilences>,
  { counts, cares, nowMs }: RowContext,
): Silence[] {
  const asked = sources.filter((source) => told.has(source));
  const versions = new Map<string, { source: string; silence: ToldSilence; heardAtMs: number }[]>();
  for (const source of asked) {
    const { silences = [], heardAtMs = 0 } = told.get(source) ?? {};
    for (const silence of silences) {
      const known = versions.get(silence.id);
      const version = { source, silence, heardAtMs };
      if (known === undefined) versions.set(silence.id, [version]);
      else known.push(version);
    }
  }
  return [...versions.values()].flatMap((same) => {
    const [newest] = same.toSorted((left, right) => right.silence.updatedAtMs - left.silence.updatedAtMs);
    if (newest === undefined) return [];
    const { annotations: _annotations, ...silence } = newest.silence;
    const having = same.map(({ source }) => source);
    return [
      {
        ...silence,
        key: `${name}/${silence.id}`,
        cluster: name,
        sources: having,
        missingFrom: asked.filter((source) => !having.includes(source)),
        state: stateAt(newest.silence, nowMs),
        matchers: [...silence.matchers],
        care: cares.get(silence.id)?.care ?? null,
        endsAfterQuietMs: cares.get(silence.id)?.endsAfterQuietMs ?? null,
        silencedCount: counts.get(silence.id) ?? 0,
        heardAtMs: Math.max(...same.map(({ heardAtMs }) => heardAtMs)),
      },
    ];
  });
}

/** What time alone has made of it since it was told. */
function stateAt({ state, startsAtMs, endsAtMs }: ToldSilence, nowMs: number): Silence['state'] {
  if (state === 'expired' || endsAtMs <= nowMs) return 'expired';
  return state === 'pending' && startsAtMs > nowMs ? 'pending' : 'active';
}
