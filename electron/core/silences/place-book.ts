import * as v from 'valibot';
import type { ServerPlace } from './server-place.ts';

/**
 * Since when each name means the server that it means now, over starts of the console: what was seen or made under
 * it before is of another server.
 */
const bookSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.array(v.object({ source: v.string(), identity: v.string(), sinceMs: v.number() })),
);

/** Names that are no longer configured are remembered, for they may come back as another server. */
const mostNames = 300;

export class PlaceBook {
  readonly #known = new Map<string, { readonly identity: string; readonly sinceMs: number }>();

  restore(text: string | null): void {
    const kept = v.safeParse(bookSchema, text);
    for (const { source, ...known } of kept.success ? kept.output : []) this.#known.set(source, known);
  }

  /** @returns whether anything is new. */
  learn(places: readonly ServerPlace[], nowMs: number): boolean {
    let isNew = false;
    for (const { source, identity } of places) {
      const known = this.#known.get(source);
      if (known?.identity === identity) continue;
      isNew = true;
      this.#known.delete(source);
      // Of a name that nobody ever had there is nothing to be mistaken for.
      this.#known.set(source, { identity, sinceMs: known === undefined ? 0 : nowMs });
    }
    return isNew;
  }

  /** 0 where it never meant another one. */
  sinceMs(source: string): number {
    return this.#known.get(source)?.sinceMs ?? 0;
  }

  text(): string {
    const known = [...this.#known].slice(-mostNames);
    return JSON.stringify(known.map(([source, one]) => ({ source, ...one })));
  }
}
