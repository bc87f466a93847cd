import type { PortPacket } from './port-ends.ts';

/** What the main process and a utility process say over the channel between them. */
export type ToUtility =
  | { readonly kind: 'mail'; readonly data: unknown; readonly ports: readonly string[] }
  | { readonly kind: 'port'; readonly packet: PortPacket };

export type FromUtility = ToUtility;
