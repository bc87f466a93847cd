import {
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  watch,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { lifecycle } from './lifecycle.ts';

/** What a second start tells the first. */
export interface SecondInstance {
  readonly argv: string[];
  readonly workingDirectory: string;
  readonly additionalData: unknown;
}

/**
 * `requestSingleInstanceLock` without Chromium's process singleton: a file that holds the owner's process
 * id, made in one step, and a folder in which later starts leave what they were started with.
 */
export class InstanceLock {
  #isHeld = false;
  readonly #onSecond: (second: SecondInstance) => void;

  constructor(onSecond: (second: SecondInstance) => void) {
    this.#onSecond = onSecond;
  }

  get isHeld(): boolean {
    return this.#isHeld;
  }

  request(folder: string, additionalData: unknown): boolean {
    if (this.#isHeld) return true;
    const mail = join(folder, 'second-instances');
    mkdirSync(mail, { recursive: true });
    const lock = join(folder, 'instance-lock');
    if (this.#claim(lock)) {
      this.#listen(mail, lock);
      return true;
    }
    const letter = { argv: process.argv, workingDirectory: process.cwd(), additionalData };
    const draft = join(folder, `draft-${process.pid}`);
    writeFileSync(draft, JSON.stringify(letter));
    renameSync(draft, join(mail, `${process.hrtime.bigint()}-${process.pid}.json`));
    return false;
  }

  #claim(lock: string): boolean {
    const draft = `${lock}-${process.pid}`;
    writeFileSync(draft, String(process.pid));
    try {
      linkSync(draft, lock);
      return true;
    } catch {
      if (isAlive(ownerOf(lock))) return false;
      // The owner died without putting it away. Whoever renames it first may try again.
      try {
        renameSync(lock, `${lock}-stale-${process.pid}`);
        linkSync(draft, lock);
        return true;
      } catch {
        return false;
      }
    } finally {
      rmSync(draft, { force: true });
      rmSync(`${lock}-stale-${process.pid}`, { force: true });
    }
  }

  #listen(mail: string, lock: string): void {
    this.#isHeld = true;
    const read = (): void => {
      for (const name of readdirSync(mail).sort()) {
        const path = join(mail, name);
        const letter = JSON.parse(readFileSync(path, 'utf8')) as SecondInstance;
        rmSync(path);
        // Electron holds the event back until the application is ready.
        void lifecycle.whenReady.then(() => this.#onSecond(letter));
      }
    };
    for (const name of readdirSync(mail)) rmSync(join(mail, name));
    const watcher = watch(mail, read);
    lifecycle.beforeEnd(() => this.release());
    this.release = () => {
      watcher.close();
      rmSync(lock, { force: true });
      this.#isHeld = false;
      this.release = () => undefined;
    };
  }

  /** Replaced while the lock is held. */
  release: () => void = () => undefined;
}

function ownerOf(lock: string): number {
  try {
    return Number(readFileSync(lock, 'utf8'));
  } catch {
    return Number.NaN;
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
