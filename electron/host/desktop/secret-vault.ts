import { existsSync, renameSync } from 'node:fs';
import * as v from 'valibot';
import { keychainName, type SecretState } from '#shared/host-window.ts';
import { failed, messageOf, success, type Result } from '#shared/result.ts';
import type { ServiceRefusal } from '../port.ts';
import { Secret } from '../secret.ts';
import { readJsonFile, writeJsonFile } from './json-file.ts';

/**
 * The secrets that a person typed into the settings. On the disk is only what the system's keychain made
 * of them. Where the system has no keychain they live as long as the app, unless the person agreed to a
 * store that merely hides them. Values leave through `read` alone, and only the core is given them.
 */

/** Electron's safe storage as far as it is used. */
export interface SafeStore {
  /** What keeps the key: on Linux `gnome_libsecret`, `kwallet6`, `basic_text` and so on, else `system`. */
  backend(): string;
  isAvailable(): Promise<boolean>;
  /** Lets `basic_text` be used: its key is the same on every machine. */
  allowPlain(): void;
  encrypt(text: string): Promise<Buffer>;
  decrypt(encrypted: Buffer): Promise<{ readonly result: string; readonly shouldReEncrypt: boolean }>;
}

const maxSecrets = 200;
const maxFileBytes = 4 * 1_048_576;

const fileSchema = v.object({
  version: v.literal(1),
  plainAllowed: v.boolean(),
  secrets: v.pipe(
    v.array(
      v.object({
        name: v.pipe(v.string(), v.regex(keychainName)),
        /** The backend that made it: another one cannot read it. */
        backend: v.pipe(v.string(), v.maxLength(50)),
        ciphertext: v.pipe(v.string(), v.base64(), v.maxLength(65_536)),
      }),
    ),
    v.maxLength(maxSecrets),
  ),
});
type Kept = v.InferOutput<typeof fileSchema>;
type Entry = Kept['secrets'][number];

const storeAgain = 'enter the secret again in Settings';

export class SecretVault {
  readonly #path: string;
  readonly #safe: SafeStore;
  readonly #session = new Map<string, Secret>();
  #kept: Kept = { version: 1, plainAllowed: false, secrets: [] };
  #problem = '';
  #lastTask: Promise<unknown> = Promise.resolve();

  constructor(path: string, safe: SafeStore) {
    this.#path = path;
    this.#safe = safe;
    const kept = readJsonFile(path, fileSchema, maxFileBytes);
    if (kept !== undefined) this.#kept = kept;
    else if (existsSync(path)) this.#setAside();
    if (this.#kept.plainAllowed) safe.allowPlain();
  }

  /** The value behind a name, or why there is none. */
  read(name: string): Promise<Result<Secret, ServiceRefusal>> {
    return this.#inTurn(async () => {
      const unsaved = this.#session.get(name);
      if (unsaved !== undefined) return success(unsaved);
      const entry = this.#kept.secrets.find((one) => one.name === name);
      if (entry === undefined)
        return refuse('is not in the keychain of this machine', `store it in Settings under ${name}`);
      return this.#decrypt(entry);
    });
  }

  /** Keeps a value under a name, in the place of the one before. */
  store(name: string, secret: Secret): Promise<void> {
    return this.#inTurn(async () => {
      if (!this.#names().includes(name) && this.#names().length >= maxSecrets) {
        this.#problem = `${name} was not stored: there are ${maxSecrets} secrets already. Forget one first.`;
        return;
      }
      this.#problem = '';
      this.#session.set(name, secret);
      await this.#keep(name, secret);
    });
  }

  forget(name: string): Promise<void> {
    return this.#inTurn(() => {
      this.#problem = '';
      this.#session.delete(name);
      if (this.#kept.secrets.some((one) => one.name === name))
        this.#write(this.#kept.secrets.filter((one) => one.name !== name));
      return Promise.resolve();
    });
  }

  /** The person agreed to keep secrets where only file permissions protect them. */
  allowPlain(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#safe.backend() !== 'basic_text') return;
      this.#problem = '';
      this.#safe.allowPlain();
      this.#kept = { ...this.#kept, plainAllowed: true };
      this.#write(this.#kept.secrets);
      for (const [name, secret] of this.#session) await this.#keep(name, secret);
    });
  }

  /** Whether the person is to be asked about a store that only hides. */
  get needsConsent(): boolean {
    return this.#safe.backend() === 'basic_text' && !this.#kept.plainAllowed;
  }

  state(): Promise<SecretState> {
    return this.#inTurn(async () => {
      const { needsConsent } = this;
      const plain = this.#safe.backend() === 'basic_text';
      const names = this.#names();
      // Looking may make the system ask for a password: not for a person who keeps nothing there.
      const available = !needsConsent && (names.length === 0 || (await this.#isAvailable()));
      const places = plain ? 'plain' : 'keychain';
      const backend = available ? places : 'session';
      return { kind: 'secret-state', backend, names, needsConsent, problem: await this.#problems(available) };
    });
  }

  async #problems(available: boolean): Promise<string> {
    if (this.#problem !== '') return this.#problem;
    const now = this.#safe.backend();
    const changed = this.#kept.secrets.filter(
      ({ name, backend }) => backend !== now && !this.#session.has(name),
    );
    if (changed.length > 0)
      return `${list(changed)}: stored with ${changed[0]?.backend ?? ''}, and this session has ${now}. Enter them again, or start with the keychain of before.`;
    if (!available && !this.needsConsent)
      return 'The system’s keychain cannot be used. Unlock or install one; until then secrets last as long as the app runs.';
    return '';
  }

  async #keep(name: string, secret: Secret): Promise<void> {
    if (this.needsConsent || !(await this.#isAvailable())) return;
    try {
      const ciphertext = (await this.#safe.encrypt(secret.reveal())).toString('base64');
      const entry: Entry = { name, backend: this.#safe.backend(), ciphertext };
      const others = this.#kept.secrets.filter((one) => one.name !== name);
      if (this.#write([...others, entry])) this.#session.delete(name);
    } catch {
      // SECURITY: the words of the failure are not passed on; what failed was given the value.
      this.#problem = `${name} could not be encrypted: it lasts as long as the app runs. Unlock the keychain and store it again.`;
    }
  }

  async #decrypt(entry: Entry): Promise<Result<Secret, ServiceRefusal>> {
    const now = this.#safe.backend();
    if (entry.backend !== now)
      return refuse(
        `was stored with ${entry.backend}, and this session has ${now}`,
        `${storeAgain}, or start with the keychain of before`,
      );
    if (!(await this.#isAvailable()))
      return refuse('cannot be read: the system’s keychain is not available', 'unlock or install a keychain');
    try {
      const { result, shouldReEncrypt } = await this.#safe.decrypt(Buffer.from(entry.ciphertext, 'base64'));
      const secret = new Secret(result);
      if (shouldReEncrypt) await this.#keep(entry.name, secret);
      return success(secret);
    } catch {
      return refuse('cannot be decrypted: the keychain has another key than when it was stored', storeAgain);
    }
  }

  async #isAvailable(): Promise<boolean> {
    try {
      return await this.#safe.isAvailable();
    } catch {
      return false;
    }
  }

  #names(): string[] {
    return [...new Set([...this.#kept.secrets.map(({ name }) => name), ...this.#session.keys()])].toSorted();
  }

  #write(secrets: readonly Entry[]): boolean {
    const next = { ...this.#kept, secrets: [...secrets] };
    const written = writeJsonFile(this.#path, next, maxFileBytes);
    if (written.ok) this.#kept = next;
    else
      this.#problem = `Secrets could not be written: ${written.failure}. They last as long as the app runs.`;
    return written.ok;
  }

  /** A file that cannot be read is kept beside: it may be of a newer version. */
  #setAside(): void {
    this.#problem =
      'The file of the secrets is damaged or of a newer version. It was set aside; enter them again.';
    try {
      renameSync(this.#path, `${this.#path}.unreadable`);
    } catch (error) {
      this.#problem = `The file of the secrets cannot be read: ${messageOf(error)}`;
    }
  }

  #inTurn<Value>(task: () => Promise<Value>): Promise<Value> {
    const turn = this.#lastTask.then(task, task);
    this.#lastTask = turn;
    return turn;
  }
}

function list(entries: readonly Entry[]): string {
  const [first = '', ...others] = entries.map(({ name }) => name);
  return others.length === 0 ? first : `${first} and ${others.length} more`;
}

function refuse(message: string, accepted: string): Result<never, ServiceRefusal> {
  return failed({ message, accepted });
}
