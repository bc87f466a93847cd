import type { Configuration, SourceEntry } from './configuration.ts';
import { referencesIn } from './references.ts';

/**
 * Where a secret goes. A reference may be tried at the servers for which the file has it already; anywhere
 * else a person has to agree first, or whoever writes into the form could have any secret, and any file
 * that `${file:PATH}` can name, sent to an address of their choice.
 */
export interface SecretQuestion {
  /** The origin of a server or of a proxy. */
  readonly to: string;
  readonly references: readonly string[];
}

/** The questions that are open: references of the draft with places that neither file nor person knows. */
export function openQuestions(
  draft: SourceEntry,
  inForce: Configuration | null,
  agreed: readonly string[],
): readonly SecretQuestion[] {
  const known = new Set((inForce?.sources ?? []).flatMap((source) => destinationsOf(source).map(keyOf)));
  const open = new Map<string, string[]>();
  for (const destination of destinationsOf(draft)) {
    const { to, reference } = destination;
    if (known.has(keyOf(destination)) || agreed.includes(to)) continue;
    const references = open.get(to) ?? [];
    if (!references.includes(reference)) references.push(reference);
    open.set(to, references);
  }
  return [...open].map(([to, references]) => ({ to, references }));
}

interface Destination {
  readonly to: string;
  readonly reference: string;
}

function keyOf({ to, reference }: Destination): string {
  return JSON.stringify([to, reference]);
}

function destinationsOf(source: SourceEntry): readonly Destination[] {
  const { kind: _kind, ...credentials } = source.authentication;
  const sent = [...Object.values(credentials), ...source.headers.map(({ value }) => value), source.tenant];
  const { origin } = new URL(source.url);
  const toServer = sent.flatMap(referencesIn).map(({ text }) => ({ to: origin, reference: text }));
  // A reference that is the whole address names the proxy itself: it goes nowhere else.
  const at = source.proxy.lastIndexOf('@');
  if (at < 0) return toServer;
  const to = source.proxy.replace(/^([a-z]+:\/\/).*@/i, '$1');
  return [...toServer, ...referencesIn(source.proxy).map(({ text }) => ({ to, reference: text }))];
}
