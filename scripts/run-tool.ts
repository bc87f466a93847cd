import { delimiter, join } from 'node:path';
import { inProject } from './project.ts';
import { runCommand, type CommandOutcome } from './run-command.ts';

/** Runs a program of the project's own packages, on the Node that the project brings. */
export function runTool(
  name: string,
  args: readonly string[],
  limitMs: number,
  env: Readonly<Record<string, string>> = {},
): Promise<CommandOutcome> {
  const binaries = inProject('node_modules/.bin');
  const path = `${binaries}${delimiter}${process.env['PATH'] ?? ''}`;
  return runCommand(join(binaries, name), args, { limitMs, env: { ...env, PATH: path } });
}
