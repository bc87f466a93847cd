import type { LogLevel } from '#shared/model/log.ts';
import { logLevels } from '#shared/model/log.ts';
import type { ShownLines } from '../../stores/logs.ts';

/** How many of the lines that are loaded have which level, and which value of which label. */

export interface Facet {
  readonly label: string;
  /** Most lines first. */
  readonly values: readonly { readonly value: string; readonly count: number }[];
  /** Values that are left out, and their lines. */
  readonly left: { readonly values: number; readonly count: number };
}

const maxFacets = 4;
const maxValues = 6;
/** Labels that tell most, in this order; the others follow by name. */
const preferred = ['service', 'service_name', 'app', 'pod', 'container', 'job', 'namespace', 'instance'];

export function levelCounts({ lines }: ShownLines): readonly { level: LogLevel; count: number }[] {
  const counts = new Map<LogLevel, number>();
  for (const { level } of lines) counts.set(level, (counts.get(level) ?? 0) + 1);
  return logLevels.flatMap((level) => {
    const count = counts.get(level) ?? 0;
    return count === 0 ? [] : [{ level, count }];
  });
}

export function facetsOf({ streams, lines }: ShownLines): readonly Facet[] {
  const perStream = new Float64Array(streams.length);
  for (const { stream } of lines) perStream[stream] = (perStream[stream] ?? 0) + 1;
  const labels = new Map<string, Map<string, number>>();
  for (const [index, stream] of streams.entries()) {
    const count = perStream[index] ?? 0;
    if (count === 0) continue;
    for (const [name, value] of Object.entries(stream)) {
      const values = labels.get(name) ?? new Map<string, number>();
      values.set(value, (values.get(value) ?? 0) + count);
      labels.set(name, values);
    }
  }
  return [...labels]
    .filter(([name, values]) => name !== 'level' && (values.size > 1 || name === preferred[0]))
    .sort(([left], [right]) => rankOf(left) - rankOf(right) || (left < right ? -1 : 1))
    .slice(0, maxFacets)
    .map(([label, values]) => facetOf(label, values));
}

function rankOf(name: string): number {
  const at = preferred.indexOf(name);
  return at < 0 ? preferred.length : at;
}

function facetOf(label: string, counts: ReadonlyMap<string, number>): Facet {
  const all = [...counts]
    .map(([value, count]) => ({ value, count }))
    .sort((left, right) => right.count - left.count || (left.value < right.value ? -1 : 1));
  const rest = all.slice(maxValues);
  return {
    label,
    values: all.slice(0, maxValues),
    left: { values: rest.length, count: rest.reduce((sum, { count }) => sum + count, 0) },
  };
}
