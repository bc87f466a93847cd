import { watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { drop } from '#shared/result.ts';

/**
 * Says when one of a few files is another than it was: written, replaced by a rename, deleted or created
 * again. The system's events make it quick; a look every few seconds makes it sure, for events are lost
 * on network folders, behind symbolic links, and for folders that do not exist yet.
 */
export interface FileWatchOptions {
  /** The file whose folder is watched for events. */
  readonly path: string;
  readonly onChange: () => void;
  readonly pollMs: number;
  /** How long all is quiet before a change is told: editors and copies write in steps. */
  readonly quietMs: number;
}

/** What tells two versions of a file apart without reading it. */
export type FileSignatures = ReadonlyMap<string, string>;

export class FileWatch {
  readonly #options: FileWatchOptions;
  #expected: FileSignatures = new Map();
  #events: FSWatcher | null = null;
  #quiet: NodeJS.Timeout | null = null;
  #poll: NodeJS.Timeout | null = null;
  #stopped = false;

  constructor(options: FileWatchOptions) {
    this.#options = options;
  }

  /**
   * Begins, or goes on with other files. From here on a file that is not what these signatures say has
   * changed; take them before reading the files, so that no change falls between.
   */
  expect(signatures: FileSignatures): void {
    this.#expected = signatures;
    if (this.#stopped) return;
    this.#events ??= this.#watchFolder();
    this.#poll ??= setInterval(
      () => drop(this.#look(), 'a look at a file never rejects'),
      this.#options.pollMs,
    ).unref();
  }

  stop(): void {
    this.#stopped = true;
    this.#events?.close();
    if (this.#poll !== null) clearInterval(this.#poll);
    if (this.#quiet !== null) clearTimeout(this.#quiet);
  }

  #watchFolder(): FSWatcher | null {
    try {
      const events = watch(dirname(this.#options.path), { persistent: false }, () => this.#tellWhenQuiet());
      // The folder was removed, or the system has no more watches: the look every few seconds stays.
      events.on('error', () => {
        events.close();
        this.#events = null;
      });
      return events;
    } catch {
      return null;
    }
  }

  async #look(): Promise<void> {
    this.#events ??= this.#stopped ? null : this.#watchFolder();
    if (await this.#changed()) this.#tellWhenQuiet();
  }

  #tellWhenQuiet(): void {
    if (this.#stopped) return;
    if (this.#quiet !== null) clearTimeout(this.#quiet);
    this.#quiet = setTimeout(() => {
      this.#quiet = null;
      drop(this.#tellIfChanged(), 'a look at a file never rejects');
    }, this.#options.quietMs).unref();
  }

  async #tellIfChanged(): Promise<void> {
    // The folder has other files too, and most of its events are about them.
    if ((await this.#changed()) && !this.#stopped) this.#options.onChange();
  }

  async #changed(): Promise<boolean> {
    const expected = this.#expected;
    const now = await signaturesOf([...expected.keys()]);
    return [...expected].some(([path, signature]) => now.get(path) !== signature);
  }
}

/** Never rejects: a file that cannot be looked at has the signature of its error. */
export async function signaturesOf(paths: readonly string[]): Promise<FileSignatures> {
  const signatures = paths.map(async (path) => [path, (await lookAt(path)).signature] as const);
  return new Map(await Promise.all(signatures));
}

/**
 * The signatures to expect of files that are about to be read. File times have the grain of a clock tick:
 * a file written just now may be written again without a visible difference, so it is to be read once more.
 */
export async function signaturesToExpect(paths: readonly string[]): Promise<FileSignatures> {
  const signatures = paths.map(async (path) => {
    const { signature, changedAtMs } = await lookAt(path);
    const ageMs = Date.now() - changedAtMs;
    return [path, ageMs > -1_000 && ageMs < clockGrainMs ? 'written just now' : signature] as const;
  });
  return new Map(await Promise.all(signatures));
}

const clockGrainMs = 50;

async function lookAt(path: string): Promise<{ readonly signature: string; readonly changedAtMs: number }> {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs, ctimeMs } = await stat(path, { bigint: true });
    return { signature: [dev, ino, size, mtimeNs, ctimeNs].join(' '), changedAtMs: Number(ctimeMs) };
  } catch (error) {
    const signature = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    return { signature, changedAtMs: 0 };
  }
}
