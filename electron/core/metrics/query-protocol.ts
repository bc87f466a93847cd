import type { Series } from '#shared/model/series.ts';
import type { KeptAnswer, KeptQuestion } from './kept-query.ts';

/** What the core and a query thread say to each other: one question at a time. */

export type ToQueryThread =
  /** A new question; whatever was left of the last answer is forgotten. */
  | {
      readonly kind: 'ask';
      readonly dataDirectory: string;
      readonly question: KeptQuestion;
      readonly timeoutMs: number;
      /** One 32-bit word; anything but 0 says that nobody wants the answer any more. */
      readonly cancelled: SharedArrayBuffer;
    }
  /** The piece has been taken in, the next one may come: so no piece waits behind another in the core. */
  | { readonly kind: 'next' }
  | { readonly kind: 'end' };

export type FromQueryThread =
  /** Series of an answer, in its order; more will come. */
  | { readonly kind: 'piece'; readonly series: readonly Series[] }
  /** The whole answer but for the series that came before. */
  | { readonly kind: 'read'; readonly reading: KeptReading };

/** What a thread makes of a question. */
export type KeptReading =
  | KeptAnswer
  /** There is nothing to read, or it is damaged: in words that continue a sentence. */
  | { readonly kind: 'unreadable'; readonly cause: string; readonly isDamaged: boolean };
