import { messageOf } from '#shared/result.ts';

/**
 * What is not of the window's first script: fetched once the first view is painted, so that nobody waits for
 * it later, or when somebody opens it before that. One that is here stays, whatever becomes of the host.
 */
export interface Late<Module> {
  readonly read: () => LateState<Module>;
  /** Fetches it where it is not here yet; rejects where that fails, and the next call tries again. */
  readonly load: () => Promise<Module>;
  /** @returns a function that ends it. */
  readonly subscribe: (listener: () => void) => () => void;
}

export type LateState<Module> =
  | { readonly kind: 'away' }
  | { readonly kind: 'here'; readonly module: Module }
  /** Only while somebody waits for it: who comes later tries anew. */
  | { readonly kind: 'missing'; readonly reason: string };

type Import<Module> = () => Promise<Module>;

const away = { kind: 'away' } as const;
const known: Pick<Late<unknown>, 'load'>[] = [];

/** @param fetchModule a literal `import()`, of which the build makes a script of its own. */
export function late<Module>(fetchModule: Import<Module>): Late<Module> {
  const part = new LatePart(fetchModule);
  known.push(part);
  return part;
}

/**
 * Everything that is not of the first script, one after the other; rejects at the first that cannot be fetched.
 * What one of them makes known is fetched too.
 * @param turn waited for before each, for the window to do what matters more.
 */
export async function loadEverythingLate(turn: () => Promise<void>): Promise<void> {
  for (const part of known) {
    await turn();
    await part.load();
  }
}

class LatePart<Module> implements Late<Module> {
  readonly #fetchModule: Import<Module>;
  readonly #listeners = new Set<() => void>();
  #state: LateState<Module> = away;
  #coming: Promise<Module> | undefined;

  constructor(fetchModule: Import<Module>) {
    this.#fetchModule = fetchModule;
  }

  readonly read = (): LateState<Module> => this.#state;

  readonly load = (): Promise<Module> => {
    this.#coming ??= this.#fetch();
    return this.#coming;
  };

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0 && this.#state.kind === 'missing') this.#state = away;
    };
  };

  async #fetch(): Promise<Module> {
    if (this.#state.kind === 'missing') this.#become(away);
    try {
      const module = await this.#fetchModule();
      this.#become({ kind: 'here', module });
      return module;
    } catch (error) {
      this.#coming = undefined;
      if (this.#listeners.size > 0) this.#become({ kind: 'missing', reason: messageOf(error) });
      throw error;
    }
  }

  #become(state: LateState<Module>): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}
