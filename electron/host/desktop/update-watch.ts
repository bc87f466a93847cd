import type { KeyObject } from 'node:crypto';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import * as v from 'valibot';
import type { UpdateState } from '#shared/host-window.ts';
import { failed, messageOf, success, type Result } from '#shared/result.ts';
import { plainText } from '#shared/text.ts';
import { readPublicKey, readSignedRelease, type Release } from '../update-signature.ts';

/**
 * Looks for a newer version where a feed is configured, and nowhere else. It tells; fetching and installing
 * each wait for the person. Nothing is fetched that is not signed by the feed's key, and nothing installed
 * whose checksum is not the signed one.
 */

/** What is used of electron-updater. */
export interface Updater {
  autoDownload: boolean;
  autoInstallOnAppQuit: boolean;
  allowDowngrade: boolean;
  allowPrerelease: boolean;
  disableWebInstaller: boolean;
  disableDifferentialDownload: boolean;
  logger: unknown;
  /** The file that electron-builder would have packed, had it known the feed. */
  updateConfigPath: string | null;
  checkForUpdates(): Promise<{ readonly isUpdateAvailable: boolean; readonly updateInfo: unknown } | null>;
  downloadUpdate(): Promise<readonly string[]>;
  quitAndInstall(isSilent?: boolean, isForceRunAfter?: boolean): void;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

const feedSchema = v.object({
  feed: v.pipe(v.string(), v.maxLength(500)),
  publicKey: v.pipe(v.string(), v.maxLength(200)),
  /** Whom Windows has to name as the maker of the installer. */
  publisher: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(200))),
});
export const updateFileSchema = feedSchema;

export interface Feed {
  readonly url: string;
  readonly publicKey: KeyObject;
  readonly publisher: string | undefined;
}

/** @param file the content of the file that configures the feed, checked for its shape only. */
export function readFeed(
  file: v.InferOutput<typeof feedSchema>,
  platform: NodeJS.Platform,
): Result<Feed, string> {
  const address = URL.parse(file.feed);
  if (address === null) return failed('its address cannot be read');
  if (address.protocol !== 'https:') return failed('its address is not https');
  if (address.username !== '' || address.password !== '') return failed('its address holds credentials');
  const key = readPublicKey(file.publicKey);
  if (!key.ok) return key;
  if (platform === 'win32' && file.publisher === undefined) return failed('it names no publisher');
  return success({ url: address.href, publicKey: key.value, publisher: file.publisher });
}

export interface UpdateWatchOptions {
  readonly feed: Feed;
  /** Loads the updater and points it at the feed: called once, before the first look. */
  readonly loadUpdater: (feed: Feed) => Promise<Updater>;
  readonly onState: (state: UpdateState) => void;
  readonly log: (event: string, detail: Readonly<Record<string, string>>) => void;
}

const firstLookMs = 60_000;
const lookEveryMs = 24 * 60 * 60_000;

export class UpdateWatch {
  readonly #options: UpdateWatchOptions;
  #updater: Promise<Updater> | undefined;
  #release: Release | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isBusy = false;
  #isFetched = false;
  #isClosed = false;

  constructor(options: UpdateWatchOptions) {
    this.#options = options;
    this.#tell('idle', `Newer versions are looked for at ${this.#host}, daily.`);
    this.#lookIn(firstLookMs);
  }

  /** Looks now. Never rejects. */
  check(): Promise<void> {
    return this.#alone(async (updater) => {
      if (this.#isFetched) return;
      this.#tell('checking', `Looking for a newer version at ${this.#host}.`);
      const found = await updater.checkForUpdates();
      this.#release = undefined;
      if (found?.isUpdateAvailable !== true) return this.#tell('idle', 'This is the newest version.');
      const release = readSignedRelease(found.updateInfo, this.#options.feed.publicKey);
      if (!release.ok) return this.#refuse(`A newer version is offered, but ${release.failure}.`);
      this.#release = release.value;
      this.#tell('available', `Version ${release.value.version} is there, signed by the feed’s key.`);
    });
  }

  /** Fetches what was found, and checks what came. Never rejects. */
  download(): Promise<void> {
    return this.#alone(async (updater) => {
      const release = this.#release;
      if (release === undefined || this.#isFetched) return;
      this.#tell('downloading', `Version ${release.version} is fetched.`);
      const files = await updater.downloadUpdate();
      const sums = await Promise.all(files.map(sha512Of));
      const signed = new Set(release.files.map(({ sha512 }) => sha512));
      if (sums.length === 0 || !sums.every((sum) => signed.has(sum)))
        return this.#refuse('What was fetched is not what was signed; it will not be installed.');
      this.#isFetched = true;
      this.#tell('ready', `Version ${release.version} is here, and its checksum is the signed one.`);
    });
  }

  /** Ends the app and installs what was fetched and found to be right. Never rejects. */
  install(): Promise<void> {
    return this.#alone((updater) => {
      if (this.#isFetched) updater.quitAndInstall(true, true);
      return Promise.resolve();
    });
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  get #host(): string {
    return new URL(this.#options.feed.url).host;
  }

  /** One thing at a time; what fails is told and tried again the next day. */
  async #alone(run: (updater: Updater) => Promise<void>): Promise<void> {
    if (this.#isBusy || this.#isClosed) return;
    this.#isBusy = true;
    try {
      this.#updater ??= this.#load();
      await run(await this.#updater);
    } catch (error) {
      const reason = plainText(messageOf(error).split('\n')[0] ?? '', 200);
      this.#options.log('update.failed', { reason });
      this.#tell('failed', `The feed could not be used: ${reason}`);
    } finally {
      this.#isBusy = false;
    }
  }

  async #load(): Promise<Updater> {
    const updater = await this.#options.loadUpdater(this.#options.feed);
    updater.autoDownload = false;
    updater.autoInstallOnAppQuit = false;
    updater.allowDowngrade = false;
    updater.allowPrerelease = false;
    updater.disableWebInstaller = true;
    updater.disableDifferentialDownload = true;
    updater.logger = null;
    // Every failure also rejects what was asked; unheard, the event would end the app.
    updater.on('error', () => undefined);
    return updater;
  }

  #refuse(text: string): void {
    this.#release = undefined;
    this.#options.log('update.refused', { reason: text });
    this.#tell('refused', text);
  }

  #tell(kind: UpdateState['kind'], text: string): void {
    if (!this.#isClosed) this.#options.onState({ kind, text });
  }

  #lookIn(ms: number): void {
    this.#timer = setTimeout(() => {
      void this.check();
      this.#lookIn(lookEveryMs);
    }, ms);
    this.#timer.unref();
  }
}

async function sha512Of(path: string): Promise<string> {
  const hash = createHash('sha512');
  await pipeline(createReadStream(path), hash);
  return hash.digest('base64');
}
