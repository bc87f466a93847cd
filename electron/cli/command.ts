/**
 * What a command of the command line is. `main.ts` lists them; each lives in a file of its own, writes what
 * was asked for to `output` and nothing else, and answers an exit code.
 */
export interface Command {
  readonly name: string;
  /** What it does, in one line of the help. */
  readonly summary: string;
  /** How it is called, without the program's name. */
  readonly usage: string;
  readonly options: readonly CommandOption[];
  run(argv: readonly string[], terminal: Terminal): number;
}

export interface CommandOption {
  readonly name: string;
  /** The value's name in the usage; null for a switch. */
  readonly value: string | null;
  readonly summary: string;
}

/** Where a command writes, and the clock; tests give their own. */
export interface Terminal {
  output(text: string): void;
  error(text: string): void;
  readonly nowMs: number;
}

/** The command did what was asked; it could not, for a reason outside of it; it was called wrongly. */
export const exitCodes = { done: 0, failed: 1, usage: 2 } as const;
