/** What the script in a page's preload world and the main process tell each other, as text of the codec. */

import type { PortPacket } from '../port-ends.ts';

export type FromPage =
  | { readonly kind: 'hello' }
  | { readonly kind: 'port'; readonly packet: PortPacket }
  | {
      readonly kind: 'send';
      readonly channel: string;
      readonly args: readonly unknown[];
      readonly ports: readonly string[];
    }
  | {
      readonly kind: 'invoke';
      readonly id: number;
      readonly channel: string;
      readonly args: readonly unknown[];
    }
  | { readonly kind: 'preload-error'; readonly message: string }
  | { readonly kind: 'permission'; readonly id: number; readonly name: string };

export type ToPage =
  | { readonly kind: 'port'; readonly packet: PortPacket }
  | {
      readonly kind: 'send';
      readonly channel: string;
      readonly args: readonly unknown[];
      readonly ports: readonly string[];
    }
  | {
      readonly kind: 'answer';
      readonly id: number;
      readonly ok: boolean;
      readonly value: unknown;
    };

/** What one window's scripts are told of how to reach each other; no page can guess it. */
export interface WorldNames {
  /** The binding through which the preload world speaks to the main process. */
  readonly binding: string;
  /** The function of the preload world's global object through which it is spoken to. */
  readonly receive: string;
  /** Prefix of the DOM events between the two worlds. */
  readonly token: string;
}
