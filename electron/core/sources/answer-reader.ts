import type { SourceFailure } from '#shared/failure.ts';
import type { Result } from '#shared/result.ts';
import type { AnswerName, ListingOf } from './answers.ts';
import { ParsingThread } from './parsing-thread.ts';
import { readAnswer } from './read-answer.ts';

/**
 * Reads the bodies of answers: small ones at once, large ones on the parsing thread, so that no answer
 * holds the core up. Used by the API clients through `ask.ts`.
 */

/** About 3 ms of parsing, checking and mapping. */
const smallBytes = 256 * 1_024;

export class AnswerReader {
  readonly #thread: ParsingThread;

  constructor(thread: ParsingThread) {
    this.#thread = thread;
  }

  /** Reads one body; a large one is transferred and gone for the caller. */
  async read<Name extends AnswerName>(
    name: Name,
    answer: { readonly body: Uint8Array; readonly mediaType: string; readonly isPacked?: boolean },
    signal?: AbortSignal,
  ): Promise<Result<ListingOf<Name>, SourceFailure>> {
    const { body, mediaType, isPacked = false } = answer;
    const read =
      !isPacked && body.byteLength <= smallBytes
        ? readAnswer(name, body, mediaType)
        : await this.#thread.read(name, body, mediaType, signal, isPacked);
    return read as Result<ListingOf<Name>, SourceFailure>;
  }

  async close(): Promise<void> {
    await this.#thread.close();
  }
}

/** The one reader of this process: all sources share its thread. */
export const sharedAnswerReader = new AnswerReader(new ParsingThread());
