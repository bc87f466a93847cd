import type { KeptAnswer, KeptQuestion } from './kept-query.ts';

/** What the core and a query thread say to each other: one question at a time. */

export interface ToQueryThread {
  readonly dataDirectory: string;
  readonly question: KeptQuestion;
  readonly timeoutMs: number;
  /** One 32-bit word; anything but 0 says that nobody wants the answer any more. */
  readonly cancelled: SharedArrayBuffer;
}

export type FromQueryThread =
  | KeptAnswer
  /** There is nothing to read, or it is damaged: in words that continue a sentence. */
  | { readonly kind: 'unreadable'; readonly cause: string; readonly isDamaged: boolean };
