import { EventEmitter } from 'node:events';

/**
 * What the stand-in does not model it refuses by name, so that a test can never pass on a behaviour that
 * nobody wrote down.
 */
export class Unmodelled extends Error {
  constructor(api: string) {
    super(`the electron stand-in does not model ${api}`);
    this.name = 'Unmodelled';
  }
}

/** Asked of any object by `await`, `JSON.stringify` and what prints values; no API of Electron's. */
const askedOfEverything = new Set(['then', 'toJSON', 'asymmetricMatch', '$$typeof', 'nodeType', 'domain']);

/**
 * Wraps an object of the stand-in: reading or writing a property that it does not have throws with its name.
 * Methods run on the object itself, so private fields work; where one returns it, the wrapper is returned.
 */
export function modelled<T extends object>(name: string, target: T): T {
  const methods = new Map<PropertyKey, unknown>();
  const wrapper: T = new Proxy(target, {
    get(_target, key) {
      if (!(key in target)) {
        if (typeof key === 'symbol' || askedOfEverything.has(key)) return undefined;
        throw new Unmodelled(`${name}.${key}`);
      }
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value !== 'function' || key === 'constructor') return value;
      const known = methods.get(key);
      if (known !== undefined) return known;
      const method = (...args: unknown[]): unknown => {
        const answer: unknown = Reflect.apply(value, target, args);
        return answer === target ? wrapper : answer;
      };
      methods.set(key, method);
      return method;
    },
    set(_target, key, value) {
      if (!(key in target)) throw new Unmodelled(`setting ${name}.${String(key)}`);
      return Reflect.set(target, key, value, target);
    },
  });
  return wrapper;
}

/** Stands for a whole API that is not modelled: it can be imported, and throws when it is touched. */
export function unmodelledApi(name: string): never {
  const refuse = (what: string) => (): never => {
    throw new Unmodelled(what);
  };
  return new Proxy(function api() {}, {
    get(_target, key) {
      if (typeof key === 'symbol' || askedOfEverything.has(key)) return undefined;
      throw new Unmodelled(`${name}.${key}`);
    },
    set: refuse(`setting a property of ${name}`),
    apply: refuse(`${name}()`),
    construct: refuse(`new ${name}()`),
  }) as never;
}

/** Refuses options that nobody models: Electron would act on them, the stand-in would not. */
export function refuseUnknownOptions(api: string, options: object, known: readonly string[]): void {
  for (const name of Object.keys(options))
    if (!known.includes(name)) throw new Unmodelled(`the option ${name} of ${api}`);
}

type Listener = (...args: never[]) => void;

/** An emitter that refuses listeners for events that the stand-in never emits. */
export class StandInEmitter extends EventEmitter {
  readonly #name: string;
  readonly #events: readonly string[] | 'any';

  constructor(name: string, events: readonly string[] | 'any') {
    super();
    this.#name = name;
    this.#events = events;
  }

  override on(event: string, listener: Listener): this {
    this.#check(event);
    return super.on(event, listener as (...args: unknown[]) => void);
  }

  override addListener(event: string, listener: Listener): this {
    return this.on(event, listener);
  }

  override once(event: string, listener: Listener): this {
    this.#check(event);
    return super.once(event, listener as (...args: unknown[]) => void);
  }

  override prependListener(event: string, listener: Listener): this {
    this.#check(event);
    return super.prependListener(event, listener as (...args: unknown[]) => void);
  }

  #check(event: string): void {
    if (this.#events !== 'any' && !this.#events.includes(event) && event !== 'newListener')
      throw new Unmodelled(`${this.#name}.on('${event}')`);
  }
}

/** An event object as Electron's: it can be prevented, and carries what the event is about. */
export function preventable<Extra extends object>(extra: Extra): Electron.Event<Extra> {
  let prevented = false;
  const event = {
    ...extra,
    preventDefault: () => void (prevented = true),
    get defaultPrevented() {
      return prevented;
    },
  };
  return event;
}
