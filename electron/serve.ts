import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { nearestName } from '#core/config/nearest-name.ts';
import { serveConsole, type ServeOptions } from '#host/browser/serve-console.ts';
import { defaultPaths } from '#host/paths.ts';
import { failed, success, type Result } from '#shared/result.ts';

/**
 * The browser host's entry: reads the options, says where things are by default, and serves. `npm start`
 * calls it once the window is built.
 */

const options = {
  config: { type: 'string' },
  data: { type: 'string' },
  port: { type: 'string' },
  browser: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

const usage = `usage: npm start -- [options]
  --config FILE   The configuration file; without one there, the demo fleet is shown.
  --data DIR      The data folder: one console at a time uses it.
  --port N        The port on 127.0.0.1; otherwise 4780 or the next free one.
  --browser       Open in a browser also where the desktop window could.
  --help          Print this.`;

const windowDirectory = join(import.meta.dirname, '../dist/renderer');

/** @returns the exit code: 0 after an orderly end, 1 where it cannot serve, 2 for options that there are not. */
export async function main(argv: readonly string[]): Promise<number> {
  const given = readOptions(argv);
  if (!given.ok) {
    console.error(`${given.failure}\n${usage}`);
    return 2;
  }
  if (given.value === 'help') {
    console.log(usage);
    return 0;
  }
  return await serveConsole(given.value, {
    print: (line) => console.log(line),
    warn: (line) => console.error(line),
  });
}

/** @returns what to serve, or a sentence about the first option that is not accepted. */
export function readOptions(argv: readonly string[]): Result<ServeOptions | 'help', string> {
  const { values, tokens } = parseArgs({
    args: [...argv],
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  for (const token of tokens) {
    if (token.kind === 'positional') return failed(`"${token.value}" is not expected here.`);
    if (token.kind !== 'option') continue;
    if (!isOption(token.name)) return failed(unknownOption(token.rawName, token.name));
    const takesValue = options[token.name].type === 'string';
    if (!takesValue && token.value !== undefined) return failed(`--${token.name} takes no value.`);
    const isNext = token.inlineValue === false && token.value.startsWith('-');
    if (takesValue && (isNext || (token.value ?? '') === '')) return failed(`--${token.name} needs a value.`);
  }
  if (values.help === true) return success('help');
  const port = typeof values.port === 'string' ? readPort(values.port) : undefined;
  if (port === null) return failed('--port takes a number from 0 to 65535.');
  const paths = defaultPaths(process.platform, process.env, homedir());
  return success({
    configurationPath: pathFrom(values.config) ?? paths.configurationPath,
    dataDirectory: pathFrom(values.data) ?? paths.dataDirectory,
    port,
    windowDirectory,
  });
}

function isOption(name: string): name is keyof typeof options {
  return Object.hasOwn(options, name);
}

function unknownOption(written: string, name: string): string {
  const nearest = nearestName(name, Object.keys(options));
  return `${written} is not an option.${nearest === null ? '' : ` Did you mean --${nearest}?`}`;
}

/** A relative path is from where the person called npm, which itself runs scripts in the checkout. */
function pathFrom(value: unknown): string | undefined {
  return typeof value === 'string' ? resolve(process.env['INIT_CWD'] ?? '', value) : undefined;
}

function readPort(text: string): number | null {
  const port = /^\d{1,5}$/u.test(text) ? Number(text) : NaN;
  return port <= 65_535 ? port : null;
}
