import type { SourceFailure } from '#shared/failure.ts';
import type { Trace, TraceSearch } from '#shared/model/trace.ts';
import type { Result } from '#shared/result.ts';
import type { DependencyLink, FoundTraces } from '#core/sources/jaeger/model.ts';

/** A Jaeger as the service asks it: what of the client it needs, with a name and whether it answers. */

interface Asked {
  readonly signal?: AbortSignal | undefined;
}

type Answered<Value> = Promise<Result<Value, SourceFailure>>;

export interface TraceClient {
  services(options?: Asked): Answered<readonly string[]>;
  operations(service: string, options?: Asked): Answered<readonly string[]>;
  search(search: TraceSearch, options?: Asked): Answered<FoundTraces>;
  trace(traceId: string, options?: Asked): Answered<Trace | null>;
  dependencies(fromMs: number, toMs: number, options?: Asked): Answered<readonly DependencyLink[]>;
}

export interface TraceSource {
  readonly name: string;
  readonly client: TraceClient;
  /** Whether its last poll succeeded lately; one that is not is not waited for. */
  isFresh(): boolean;
}

/** What asking gave: of the source that answered, or why none did. */
export type Live<Value> =
  | { readonly kind: 'live'; readonly source: string; readonly value: Value }
  | { readonly kind: 'none'; readonly source: string; readonly reason: string };

/**
 * Asks the source of that name; without a name the first one that is in sight and does not fail.
 * @param name empty for any.
 * @param isFound an answer that has not what was looked for leaves it to the sources after it.
 * @returns why not, with the source's own failure, where there is no answer.
 */
export async function askSources<Value>(
  sources: readonly TraceSource[],
  name: string,
  ask: (client: TraceClient) => Answered<Value>,
  isFound: (value: Value) => boolean = () => true,
): Promise<Live<Value>> {
  const asked = sources.filter((source) => name === '' || source.name === name);
  const reasons: string[] = [];
  let without: Live<Value> | null = null;
  for (const source of asked) {
    if (!source.isFresh()) {
      reasons.push(`${source.name} does not answer`);
      continue;
    }
    const answer = await ask(source.client);
    if (!answer.ok) {
      reasons.push(`${source.name}: ${answer.failure.message}`);
      continue;
    }
    const live = { kind: 'live' as const, source: source.name, value: answer.value };
    if (isFound(answer.value)) return live;
    without ??= live;
  }
  // That nobody has it is believed only where every one of them said so.
  if (without !== null && reasons.length === 0) return without;
  if (asked.length === 0)
    reasons.push(name === '' ? 'no Jaeger is configured' : `there is no Jaeger ${name}`);
  return {
    kind: 'none',
    source: asked.length === 1 ? (asked[0]?.name ?? name) : name,
    reason: reasons.join('; ').replaceAll('.; ', '; '),
  };
}
