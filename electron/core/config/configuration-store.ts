import { setTimeout as delay } from 'node:timers/promises';
import { dirname, resolve } from 'node:path';
import { homedir, userInfo } from 'node:os';
import { isDeepStrictEqual } from 'node:util';
import type { SourceSettings } from '#core/sources/source-settings.ts';
import type { DemoFleetAddress, HostServices } from '#host/port.ts';
import { commandFailure } from '#shared/failure.ts';
import type { CommandFailure } from '#shared/failure.ts';
import type { ConfigurationProblem, SourceDraft } from '#shared/model/settings.ts';
import { drop, failed, success } from '#shared/result.ts';
import type { Result } from '#shared/result.ts';
import { writeFileAtomically } from './atomic-file.ts';
import { fileFailure } from './bounded-file.ts';
import { keepLastGood, readConfigurationFile, readLastGood } from './configuration-file.ts';
import type { FileText, LastGood } from './configuration-file.ts';
import type { ActiveConfiguration, ConfigurationState } from './configuration-state.ts';
import type { Configuration } from './configuration.ts';
import { demoConfiguration } from './demo-configuration.ts';
import { checkDraft, removeSourceFrom, saveSourceIn } from './edit-configuration.ts';
import type { EditedText } from './edit-configuration.ts';
import { FileWatch, signaturesOf, signaturesToExpect } from './file-watch.ts';
import type { FileSignatures } from './file-watch.ts';
import { parseConfiguration } from './parse-configuration.ts';
import { resolveProxy } from './proxy.ts';
import { referencedFiles, resolveSource, resolveSources } from './resolve-sources.ts';
import { openQuestions, type SecretQuestion } from './secret-destinations.ts';
import { pathIn, type SecretPlaces } from './secrets.ts';
import { unmasked } from './source-draft.ts';

/**
 * Owns the configuration: reads the file, keeps what was good last in force while the file is broken,
 * looks out for changes of the file and of the secrets it names, and writes it. Made once by the core's
 * main, which acts on every change; nothing else reads or writes the file.
 */
export interface ConfigurationStoreOptions {
  /** Path of the configuration file, whether or not it exists. */
  readonly path: string;
  /** Where the last good text is kept for the next start. */
  readonly dataDirectory: string;
  /** Where `${env:NAME}` is looked up. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The host, for the keychain and the system's proxy; null where there is none. */
  readonly host: HostServices | null;
  /** Watched while there is no file. */
  readonly demo: DemoFleetAddress | null;
  /** Called after every change, never while `load` runs. */
  readonly onChange: (state: ConfigurationState) => void;
  /** The home folder, the system's user and the times; tests set them. */
  readonly home?: string;
  readonly operator?: string;
  readonly pollMs?: number;
  readonly quietMs?: number;
  /** How long a file may be missing or empty before that counts: editors replace a file in steps. */
  readonly graceMs?: number;
}

/** The settings of a draft, or what has to be agreed to before its secrets are read. */
export interface ResolvedDraft {
  readonly asks: readonly SecretQuestion[];
  readonly settings: SourceSettings | null;
}

export class ConfigurationStore {
  readonly #options: ConfigurationStoreOptions;
  readonly #path: string;
  readonly #places: SecretPlaces;
  readonly #operator: string;
  readonly #watch: FileWatch;
  #state: ConfigurationState;
  /** What is in force as it is written, literal secrets included: never handed out. */
  #inForce: Configuration | null = null;
  #lastGood: LastGood | null = null;
  #changedWhileAway = false;
  #lastTask: Promise<unknown> = Promise.resolve();
  #stopped = false;

  constructor(options: ConfigurationStoreOptions) {
    this.#options = options;
    this.#path = resolve(options.path);
    const home = options.home ?? homedir();
    this.#places = {
      environment: options.environment,
      folder: dirname(this.#path),
      home,
      host: options.host,
    };
    this.#operator = options.operator ?? systemUser();
    this.#state = this.#withoutFile();
    this.#watch = new FileWatch({
      path: this.#path,
      pollMs: options.pollMs ?? 2_000,
      quietMs: options.quietMs ?? 150,
      onChange: () => drop(this.reload(), 'reading the configuration never rejects'),
    });
  }

  get state(): ConfigurationState {
    return this.#state;
  }

  /** Whether what was loaded first is not what was in force when the last console on this data folder ended. */
  get changedWhileAway(): boolean {
    return this.#changedWhileAway;
  }

  /** Reads the file for the first time and begins to watch it. */
  async load(): Promise<ConfigurationState> {
    return this.#inTurn(async () => (this.#state = await this.#read()));
  }

  /** Reads the file again and tells of a change; after the end, only waits for what is under way. */
  async reload(): Promise<ConfigurationState> {
    return this.#inTurn(() => this.#readAndTell());
  }

  /** The system's proxy on the way to an address that no source has; null for none. */
  proxyFor(url: string): ReturnType<typeof resolveProxy> {
    return resolveProxy('system', url, this.#places);
  }

  /** Ends watching. A read under way tells nobody any more. */
  stop(): void {
    this.#stopped = true;
    this.#watch.stop();
  }

  /**
   * Writes a source into the file, in the place of the one that `replaces` names or as a new one, and puts
   * it in force. Fails with `invalid-input` or `conflict` as `saveSourceIn` says, `conflict` where somebody
   * else wrote the file meanwhile, `read-only` or `unavailable` where it cannot be written.
   */
  async saveSource(
    draft: SourceDraft,
    replaces: string | null,
  ): Promise<Result<ConfigurationState, CommandFailure>> {
    return this.#edit((current) => saveSourceIn(current, draft, replaces));
  }

  /** Takes a source out of the file; fails as `removeSourceFrom` and `saveSource` do. */
  async removeSource(name: string): Promise<Result<ConfigurationState, CommandFailure>> {
    return this.#edit((current) => removeSourceFrom(current, name));
  }

  async #edit(
    change: (current: EditedText) => Result<string, CommandFailure>,
  ): Promise<Result<ConfigurationState, CommandFailure>> {
    return this.#inTurn(async () => {
      const before = await signaturesOf([this.#path]);
      const file = await readConfigurationFile(this.#path);
      if (file.kind === 'unreadable')
        return failed(writeFailure(this.#path, file.problem.message, 'conflict'));
      const edited = change({ text: file.kind === 'text' ? file.text : '', file: this.#path });
      if (!edited.ok) return edited;
      if (!isDeepStrictEqual(await signaturesOf([this.#path]), before)) {
        return failed(writeFailure(this.#path, 'somebody else wrote it just now', 'conflict'));
      }
      try {
        await writeFileAtomically(this.#path, edited.value);
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? String(error.code) : '';
        const readOnly = ['EACCES', 'EPERM', 'EROFS'].includes(code);
        return failed(
          writeFailure(this.#path, fileFailure(error).message, readOnly ? 'read-only' : 'unavailable'),
        );
      }
      return success(await this.#readAndTell());
    });
  }

  /**
   * The settings of a source that is not saved yet, for testing its connection. A masked secret stands
   * for the stored one of the source that `replaces` names. A reference is read only where it may go.
   * @param secretsTo what a person agreed to.
   */
  async resolveDraft(
    draft: SourceDraft,
    replaces: string | null,
    secretsTo: readonly string[],
  ): Promise<Result<ResolvedDraft, CommandFailure>> {
    const stored = this.#inForce?.sources.find((source) => source.name === replaces) ?? null;
    const revealed = unmasked(draft, stored);
    if (!revealed.ok) return revealed;
    const entry = checkDraft(revealed.value);
    if (!entry.ok) return entry;
    const asks = openQuestions(entry.value, this.#inForce, secretsTo);
    if (asks.length > 0) return success({ asks, settings: null });
    const { settings, mistakes } = await resolveSource(entry.value, this.#places);
    if (mistakes.length === 0) return success({ asks, settings });
    const message = mistakes.map((mistake) => `${mistake.path}: ${mistake.message}`).join('\n');
    return failed(commandFailure('invalid-input', message, `Accepted: ${mistakes[0]?.accepted ?? ''}.`));
  }

  async #readAndTell(): Promise<ConfigurationState> {
    if (this.#stopped) return this.#state;
    const before = this.#state;
    this.#state = await this.#read();
    if (!this.#stopped && !isDeepStrictEqual(this.#state, before)) this.#options.onChange(this.#state);
    return this.#state;
  }

  async #read(): Promise<ConfigurationState> {
    const { file, signatures } = await this.#readFile();
    if (file.kind === 'missing') {
      this.#inForce = null;
      this.#watch.expect(signatures);
      return this.#withoutFile();
    }
    const parsed =
      file.kind === 'text'
        ? parseConfiguration(file.text, this.#path)
        : { configuration: null, problems: [file.problem] };
    const problems = [...parsed.problems];
    if (file.kind === 'text' && parsed.configuration !== null)
      problems.push(...(await this.#keep(file.text)));
    else this.#lastGood ??= await readLastGood(this.#options.dataDirectory, this.#path);
    const lastGood =
      this.#lastGood === null ? null : parseConfiguration(this.#lastGood.text, this.#path).configuration;
    this.#inForce = parsed.configuration ?? lastGood;
    const { active, unresolved } = await this.#activate(this.#inForce, signatures);
    const good = parsed.configuration !== null;
    return {
      state: good ? 'good' : 'broken',
      path: this.#path,
      demo: false,
      // The lines of the last good text are not those of the broken file.
      problems: good ? [...problems, ...unresolved].sort(byPlace) : problems,
      configuration: active,
      lastGoodAtMs: good ? null : (this.#lastGood?.atMs ?? null),
    };
  }

  async #readFile(): Promise<{ readonly file: FileText; readonly signatures: FileSignatures }> {
    const read = async (): Promise<{ readonly file: FileText; readonly signatures: FileSignatures }> => {
      const signatures = await signaturesToExpect([this.#path]);
      return { file: await readConfigurationFile(this.#path), signatures };
    };
    const first = await read();
    const gone =
      first.file.kind === 'missing' || (first.file.kind === 'text' && first.file.text.trim() === '');
    if (this.#inForce === null || !gone) return first;
    await delay(this.#options.graceMs ?? 500);
    return read();
  }

  /** Keeps a good text for later; a copy that cannot be written is a warning, for it counts only at a start. */
  async #keep(text: string): Promise<readonly ConfigurationProblem[]> {
    const { dataDirectory } = this.#options;
    try {
      const kept = await readLastGood(dataDirectory, this.#path);
      if (this.#lastGood === null) this.#changedWhileAway = kept?.text !== text;
      if (kept?.text !== text) await keepLastGood(dataDirectory, this.#path, text);
      return [];
    } catch (error) {
      const message = `no copy could be kept in the data folder: ${fileFailure(error).message}`;
      const place = { file: this.#path, line: 1, column: 1, path: '' };
      return [{ severity: 'warning', ...place, message, accepted: 'a data folder that can be written' }];
    } finally {
      this.#lastGood = { text, atMs: Date.now() };
    }
  }

  async #activate(
    configuration: Configuration | null,
    signatures: FileSignatures,
  ): Promise<{ readonly active: ActiveConfiguration; readonly unresolved: readonly ConfigurationProblem[] }> {
    if (configuration === null) {
      this.#watch.expect(signatures);
      return { active: demoConfiguration(null, this.#operator), unresolved: [] };
    }
    const referenced = await signaturesToExpect(referencedFiles(configuration, this.#places));
    const { problems, ...resolved } = await resolveSources(configuration, this.#path, this.#places);
    this.#watch.expect(new Map([...signatures, ...referenced]));
    const { environment, groupBy, comeBackAfterMs, silenceTimes } = configuration;
    const { runbookHosts, notifications } = configuration;
    const inFolder = (path: string): string => (path === '' ? '' : pathIn(this.#places, path));
    const rules = { ...configuration.rules, folder: inFolder(configuration.rules.folder) };
    const runbooksFolder = inFolder(configuration.runbooksFolder);
    const operator = configuration.operator === '' ? this.#operator : configuration.operator;
    const runbooks = { runbooksFolder, runbookHosts };
    const watchdogs = new Map(
      configuration.sources.flatMap(({ name, watchdog }) =>
        watchdog === null ? [] : [[name, watchdog] as const],
      ),
    );
    const active = {
      environment,
      operator,
      groupBy,
      comeBackAfterMs,
      silenceTimes,
      rules,
      ...runbooks,
      notifications,
      watchdogs,
      ...resolved,
    };
    return { active, unresolved: problems };
  }

  #withoutFile(): ConfigurationState {
    const { demo } = this.#options;
    return {
      state: 'none',
      path: this.#path,
      demo: demo !== null,
      problems: [],
      configuration: demoConfiguration(demo, this.#operator),
      lastGoodAtMs: null,
    };
  }

  /** Reads and writes come one after the other, in the order they were asked for. */
  #inTurn<Value>(task: () => Promise<Value>): Promise<Value> {
    const turn = this.#lastTask.then(task, task);
    this.#lastTask = turn;
    return turn;
  }
}

function byPlace(left: ConfigurationProblem, right: ConfigurationProblem): number {
  return left.line - right.line || left.column - right.column;
}

function writeFailure(
  path: string,
  cause: string,
  code: 'conflict' | 'read-only' | 'unavailable',
): CommandFailure {
  return commandFailure(code, `${path} was not written: ${cause}.`, 'Look at the file and try again.');
}

function systemUser(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run as a user that has no name.
    return 'operator';
  }
}
