import { nearestName } from '#core/config/nearest-name.ts';
import { auditCommand } from './audit.ts';
import { exitCodes, type Command, type Terminal } from './command.ts';
import { inspectCommand } from './inspect.ts';
import { usageOf } from './options.ts';
import { promqlCommand } from './promql.ts';
import { routeCommand } from './route.ts';
import { silencesCommand } from './silences.ts';

/**
 * The `opssight` command line: picks a command and lets it run. What was asked for goes to standard output,
 * everything else to standard error. To add a command, write it in a file of its own and list it here.
 */
const commands: readonly Command[] = [
  inspectCommand,
  auditCommand,
  promqlCommand,
  routeCommand,
  silencesCommand,
];

const helpWords = new Set(['help', '--help', '-h']);

/** @returns the exit code: 0 done, 1 not possible, 2 called wrongly. */
export function runCommand(argv: readonly string[], terminal: Terminal): number {
  const [name, ...rest] = argv;
  if (name !== undefined && helpWords.has(name)) return help(rest[0], terminal);
  const command = commands.find((known) => known.name === name);
  if (command === undefined) {
    terminal.error(`${name === undefined ? 'A command is missing.' : unknownCommand(name)}\n${overview()}`);
    return exitCodes.usage;
  }
  if (rest.some((word) => word !== 'help' && helpWords.has(word))) return help(name, terminal);
  return command.run(rest, terminal);
}

/** The command line of this process. */
export function main(argv: readonly string[]): number {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // A reader that has seen enough (`| head`) is no failure.
    if (error.code !== 'EPIPE') throw error;
  });
  return runCommand(argv, {
    output: (text) => console.log(text),
    error: (text) => console.error(text),
    nowMs: Date.now(),
  });
}

function help(name: string | undefined, terminal: Terminal): number {
  const command = commands.find((known) => known.name === name);
  if (name !== undefined && command === undefined) {
    terminal.error(`${unknownCommand(name)}\n${overview()}`);
    return exitCodes.usage;
  }
  terminal.output(command === undefined ? overview() : usageOf(command));
  return exitCodes.done;
}

function overview(): string {
  const lines = commands.map(({ usage, summary }) => `  opssight ${usage}\n      ${summary}`);
  return ['usage:', ...lines, '  opssight help [COMMAND]', '      Print how a command is called.'].join('\n');
}

function unknownCommand(name: string): string {
  const nearest = nearestName(name, ['help', ...commands.map((command) => command.name)]);
  return `"${name}" is not a command.${nearest === null ? '' : ` Did you mean "${nearest}"?`}`;
}

if (import.meta.main) process.exitCode = main(process.argv.slice(2));
