/**
 * Expected failures are values. A function that can fail for a reason outside this program returns a
 * `Result`; it throws only where the program itself is wrong.
 */
export type Result<Value, Problem> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly failure: Problem };

export function success<Value>(value: Value): Result<Value, never> {
  return { ok: true, value };
}

export function failed<Problem>(failure: Problem): Result<never, Problem> {
  return { ok: false, failure };
}

/** Marks a branch that the types rule out; reaching it is a bug and throws. */
export function assertNever(value: never, what: string): never {
  throw new Error(`unexpected ${what}: ${JSON.stringify(value)}`);
}

/**
 * Lets a promise go on unawaited, on purpose. The promise must handle its own expected failures; a
 * rejection that reaches this place is a bug and is rethrown where the process's last handler sees it.
 */
export function drop(promise: Promise<unknown>, _why: string): void {
  promise.catch((error: unknown) => {
    queueMicrotask(() => {
      throw error;
    });
  });
}

/** What an unknown thrown value says, for a message that a person reads. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
