import { readFileSync } from 'node:fs';
import { compileFunction } from 'node:vm';
import { makeCloneCodec } from '../clone-codec.ts';
import { loseTransfers } from './lost-transfers.ts';
import { installMainWorld } from './main-world.ts';
import type { WorldNames } from './messages.ts';
import { wrapAsks } from './permission-asks.ts';
import { installPreloadWorld } from './preload-world.ts';

/** The scripts of a window as text, to be run in each of its documents before anything else. */

const ports = `(${loseTransfers.toString()})()`;
const parameters = ['require', 'module', 'exports'];

export interface PreloadSource {
  /** Undefined: there is no preload to run, only the world that messages come through. */
  readonly error: Error | undefined;
  readonly source: string;
}

export function mainWorldSource(names: WorldNames): string {
  return `(${installMainWorld.toString()})(${codec(true)}, ${ports}, ${JSON.stringify(names)}, ${wrapAsks.toString()});`;
}

/** Reads a preload as Electron's sandbox does: a classic script, in which `import` is a syntax error. */
export function preloadWorldSource(path: string | undefined, names: WorldNames): PreloadSource {
  let text = '';
  let error: Error | undefined;
  try {
    if (path !== undefined) {
      text = readFileSync(path, 'utf8');
      if (/\.m[jt]s$/.test(path))
        throw new SyntaxError(`a sandboxed preload cannot be an ECMAScript module: ${path}`);
      compileFunction(text, parameters, { filename: path });
    }
  } catch (thrown) {
    text = '';
    error = thrown as Error;
  }
  const preload = `function (${parameters.join(', ')}) {\n${text}\n}`;
  const args = [codec(false), codec(true), ports, JSON.stringify(names), preload].join(', ');
  return { error, source: `(${installPreloadWorld.toString()})(${args});` };
}

function codec(deadPorts: boolean): string {
  return `(${makeCloneCodec.toString()})(${deadPorts})`;
}
