import { setTimeout as pause } from 'node:timers/promises';

/**
 * Asks again until there is an answer. For what other processes do in their own time; what this process
 * does is better awaited.
 * @param question answers undefined (or rejects) as long as it is not so yet.
 * @param what names the expectation in the failure.
 */
export async function eventually<Answer>(
  what: string,
  question: () => Promise<Answer | undefined> | Answer | undefined,
  limitMs = 15_000,
): Promise<Answer> {
  const endAtMs = Date.now() + limitMs;
  let lastError: unknown;
  for (;;) {
    try {
      const answer = await question();
      if (answer !== undefined) return answer;
      lastError = undefined;
    } catch (error) {
      lastError = error;
    }
    if (Date.now() > endAtMs) throw new Error(`not so within ${limitMs} ms: ${what}`, { cause: lastError });
    await pause(50);
  }
}
