/**
 * What every place this code runs in offers: Node, Chromium and worker threads alike. Only the shared
 * layer's own type check sees this file; the other layers have the whole types of their platform.
 */
interface AbortSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}
declare class AbortController {
  readonly signal: AbortSignal;
  abort(reason?: unknown): void;
}
declare class TextEncoder {
  encode(text: string): Uint8Array;
}
declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean });
  decode(bytes?: Uint8Array, options?: { stream?: boolean }): string;
}
declare function structuredClone<Value>(value: Value): Value;
declare function queueMicrotask(callback: () => void): void;
declare function setTimeout(callback: () => void, delayMs: number): number;
declare function clearTimeout(timer: number): void;
declare class URL {
  constructor(url: string, base?: string);
  readonly searchParams: { get(name: string): string | null };
  readonly href: string;
  readonly origin: string;
  readonly protocol: string;
  readonly hostname: string;
  readonly port: string;
  readonly pathname: string;
  readonly username: string;
  readonly password: string;
}
