import { parseArgs, type ParseArgsConfig } from 'node:util';
import { nearestName } from '#core/config/nearest-name.ts';
import { failed, messageOf, success, type Result } from '#shared/result.ts';
import type { Command, CommandOption } from './command.ts';

/** Reads the options of a command and writes its usage. */
export interface GivenOptions {
  /** Values by name of the option. */
  readonly values: ReadonlyMap<string, string>;
  /** Switches that were given. */
  readonly switches: ReadonlySet<string>;
  /** What stands for itself, in order. */
  readonly words: readonly string[];
}

/**
 * @param mostWords how many words may stand for themselves.
 * @returns a sentence about the first thing that is not accepted, with the nearest name where there is one.
 */
export function readOptions(
  argv: readonly string[],
  options: readonly CommandOption[],
  mostWords = 0,
): Result<GivenOptions, string> {
  const config = {
    args: [...argv],
    options: Object.fromEntries(
      options.map(({ name, value }) => [name, { type: value === null ? 'boolean' : 'string' } as const]),
    ),
    allowPositionals: true,
    tokens: true,
    strict: false,
  } satisfies ParseArgsConfig;
  try {
    const { tokens } = parseArgs(config);
    const values = new Map<string, string>();
    const switches = new Set<string>();
    const words: string[] = [];
    for (const token of tokens) {
      if (token.kind === 'option-terminator') continue;
      if (token.kind === 'positional') {
        if (words.push(token.value) > mostWords) return failed(`"${token.value}" is not expected here.`);
        continue;
      }
      const option = options.find(({ name }) => name === token.name);
      if (option === undefined) return failed(unknownOption(token.name, options));
      if (option.value === null && token.value !== undefined)
        return failed(`--${option.name} takes no value.`);
      if (option.value === null) switches.add(option.name);
      else if (token.value === undefined || (!token.inlineValue && isOption(token.value)))
        return failed(`--${option.name} needs a value: ${option.value}.`);
      else values.set(option.name, token.value);
    }
    return success({ values, switches, words });
  } catch (error) {
    return failed(`${messageOf(error)}.`);
  }
}

/** A dash alone is a value: it stands for standard input. */
function isOption(word: string): boolean {
  return word.startsWith('-') && word !== '-';
}

function unknownOption(name: string, options: readonly CommandOption[]): string {
  const known = options.map((option) => option.name);
  const nearest = nearestName(name, known);
  const dashed = name.length === 1 ? `-${name}` : `--${name}`;
  return `${dashed} is not an option here.${nearest === null ? '' : ` Did you mean --${nearest}?`}`;
}

/** The usage of one command, its options described. */
export function usageOf(command: Command): string {
  const lines = command.options.map(({ name, value, summary }) => {
    const form = value === null ? `--${name}` : `--${name} ${value}`;
    return `  ${form.padEnd(16)} ${summary}`;
  });
  return [`usage: opssight ${command.usage}`, ...lines].join('\n');
}
