import { realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import { readBoundedFile } from '#core/config/bounded-file.ts';
import type { Runbook } from '#shared/model/runbook.ts';
import { runbookPaths } from './runbook-paths.ts';
import { titleOf } from './runbook-title.ts';

/**
 * Finds the runbook of an alert in the configured folder, and never reads outside of it, wherever links
 * of the file system lead. The copy read last is shown when the file is gone.
 */

const maxBytes = 256 * 1_024;
const maxRemembered = 500;

export interface RunbookShelfOptions {
  /** Absolute path of the folder; empty for none. */
  readonly folder: () => string;
  readonly nowMs: () => number;
}

export class RunbookShelf {
  readonly #options: RunbookShelfOptions;
  /** By folder, link and alert; the one read longest ago first. */
  readonly #remembered = new Map<string, Runbook>();

  constructor(options: RunbookShelfOptions) {
    this.#options = options;
  }

  /** @returns null where nobody wrote one, or it cannot be read and never was. */
  async find(runbookUrl: string, alertName: string): Promise<Runbook | null> {
    const folder = this.#options.folder();
    if (folder === '' || !isAbsolute(folder)) return null;
    const key = JSON.stringify([folder, runbookUrl, alertName]);
    for (const path of runbookPaths(runbookUrl, alertName)) {
      const runbook = await this.#read(folder, path);
      if (runbook === null) continue;
      this.#remembered.delete(key);
      this.#remembered.set(key, runbook);
      const [oldest] = this.#remembered.keys();
      if (this.#remembered.size > maxRemembered && oldest !== undefined) this.#remembered.delete(oldest);
      return runbook;
    }
    return this.#remembered.get(key) ?? null;
  }

  async #read(folder: string, path: string): Promise<Runbook | null> {
    const file = await inside(folder, path);
    if (file === null) return null;
    const content = await readBoundedFile(file.path, maxBytes);
    if (!content.ok) return null;
    const markdown = content.value.toString('utf8');
    return {
      title: titleOf(markdown) || path,
      markdown,
      path,
      writtenAtMs: file.writtenAtMs,
      readAtMs: this.#options.nowMs(),
    };
  }
}

/** The real file behind a path of the folder; null where there is none, or it is elsewhere. */
async function inside(
  folder: string,
  path: string,
): Promise<{ readonly path: string; readonly writtenAtMs: number } | null> {
  try {
    const root = await realpath(folder);
    const real = await realpath(join(root, path));
    const within = relative(root, real);
    if (within === '' || within === '..' || within.startsWith(`..${sep}`) || isAbsolute(within)) return null;
    const { mtimeMs } = await stat(real);
    return { path: real, writtenAtMs: mtimeMs };
  } catch {
    // No such file, no permission, a loop of links: for a person all of them are that there is no runbook.
    return null;
  }
}
