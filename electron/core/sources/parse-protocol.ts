import type { SourceFailure } from '#shared/failure.ts';
import type { AnswerName } from './answers.ts';

/** What the core and its parsing thread say to each other. One answer at a time. */

export type ToParser =
  /** A new answer; the body's buffer is transferred. Whatever was left of the last one is forgotten. */
  | {
      readonly kind: 'parse';
      readonly name: AnswerName;
      readonly body: Uint8Array;
      readonly mediaType: string;
      readonly isPacked?: boolean;
    }
  /** The piece has been taken in, the next one may come: so no piece waits behind another in the core. */
  | { readonly kind: 'next' };

export type FromParser =
  | { readonly kind: 'failed'; readonly failure: SourceFailure }
  | {
      readonly kind: 'piece';
      /** With the last piece; null before. */
      readonly head: unknown;
      readonly rows: readonly unknown[];
      readonly last: boolean;
    };
