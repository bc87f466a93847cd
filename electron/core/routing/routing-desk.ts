import { createHash } from 'node:crypto';
import * as v from 'valibot';
import type { AlertSnapshot } from '#core/sources/source-settings.ts';
import { mostRoutingText } from '#shared/model/routing.ts';
import { drop, failed, success, type Result } from '#shared/result.ts';
import type { RoutingConfiguration } from '#shared/routing/model.ts';
import { minuteMs } from '#shared/time.ts';
import type { ReadConfiguration } from './configuration-reader.ts';

/**
 * How each source routes, by what it told last: read anew only when the text has changed, and kept so that it
 * can be asked while the source is away. Decides nothing about alerts.
 */
export interface RoutingDeskOptions {
  readonly read: ReadConfiguration;
  /** The cache: what it does not have any more is unknown until the source tells it. */
  readonly keepsake: {
    putText(name: string, text: string): Promise<unknown>;
    text(name: string): Promise<string | null>;
  };
  /** Where a source is asked: what another server told under its name is not what it says. */
  readonly addressOf: (source: string) => string | undefined;
  /** Another configuration holds, or none is known any more. */
  readonly onChanged: (source: string, configuration: RoutingConfiguration | null) => void;
}

export interface KnownRouting {
  /** Of the text: the same text, the same key. */
  readonly key: string;
  readonly configuration: RoutingConfiguration;
  /** When the source told it last, Unix milliseconds. */
  readonly toldAtMs: number;
}

const toldSchema = v.object({
  address: v.string(),
  text: v.pipe(v.string(), v.maxLength(mostRoutingText)),
  version: v.string(),
  toldAtMs: v.number(),
});
type Told = v.InferOutput<typeof toldSchema>;

interface Entry {
  told: Told;
  readonly key: string;
  readonly readAtMs: number;
  readonly reading: Promise<Result<RoutingConfiguration, string>>;
  read: Result<RoutingConfiguration, string> | null;
  keptAtMs: number;
}

/** How old the time may be that is kept with a text that stays the same. */
const keepAgainMs = 10 * minuteMs;
/** A text that could not be read at all is tried again after this. */
const readAgainMs = minuteMs;
const mostTexts = 8;

export class RoutingDesk {
  readonly #options: RoutingDeskOptions;
  readonly #entries = new Map<string, Entry>();
  /** Texts that persons gave, by key; of many the latest. */
  readonly #given = new Map<string, RoutingConfiguration>();

  constructor(options: RoutingDeskOptions) {
    this.#options = options;
  }

  /** A poll came in. */
  hear({ source, atMs, configuration }: Pick<AlertSnapshot, 'source' | 'atMs' | 'configuration'>): void {
    const address = this.#options.addressOf(source);
    if (configuration === undefined || configuration === null || address === undefined) return;
    const { text, version } = configuration;
    const told: Told = { address, text, version, toldAtMs: atMs };
    const entry = this.#entries.get(source);
    const isTriedAgain = entry?.read?.ok === false && atMs - entry.readAtMs >= readAgainMs;
    if (entry === undefined || isTriedAgain || !isSame(entry.told, told)) {
      this.#keep(source, this.#enter(source, told));
      return;
    }
    entry.told = told;
    if (atMs - entry.keptAtMs >= keepAgainMs) this.#keep(source, entry);
  }

  /** What the source said last, to this core or one before; a failure says why nothing is known. */
  async of(source: string): Promise<Result<KnownRouting, string>> {
    const entry = this.#entries.get(source) ?? (await this.#recall(source));
    if (entry === undefined) return failed('it has not told its configuration yet');
    const { key } = entry;
    const read = await entry.reading;
    if (!read.ok) return failed(`its configuration is not known: ${read.failure}`);
    return success({ key, configuration: read.value, toldAtMs: entry.told.toldAtMs });
  }

  /** What is known by now, without waiting. */
  known(source: string): RoutingConfiguration | null {
    const read = this.#entries.get(source)?.read;
    return read?.ok === true ? read.value : null;
  }

  /** Reads a text of no source. @returns its key, by which it can be asked for as long as few others follow. */
  async readText(
    text: string,
  ): Promise<Result<{ key: string; configuration: RoutingConfiguration }, string>> {
    const key = keyOf(text, '');
    const known = this.#given.get(key);
    const read = known === undefined ? await this.#options.read(text, '') : success(known);
    if (!read.ok) return read;
    this.#given.delete(key);
    this.#given.set(key, read.value);
    const [oldest] = this.#given.keys();
    if (this.#given.size > mostTexts && oldest !== undefined) this.#given.delete(oldest);
    return success({ key, configuration: read.value });
  }

  text(key: string): RoutingConfiguration | undefined {
    return this.#given.get(key);
  }

  /** Sources are gone, or are asked otherwise: what they said may be of another server. */
  forget(sources: readonly string[]): void {
    for (const source of sources) {
      if (this.#entries.delete(source)) this.#options.onChanged(source, null);
    }
  }

  #enter(source: string, told: Told): Entry {
    const reading = this.#options.read(told.text, told.version);
    const key = keyOf(told.text, told.version);
    const { toldAtMs } = told;
    const entry: Entry = { told, key, readAtMs: toldAtMs, reading, read: null, keptAtMs: toldAtMs };
    this.#entries.set(source, entry);
    const settle = reading.then((read) => {
      entry.read = read;
      if (this.#entries.get(source) === entry) this.#options.onChanged(source, read.ok ? read.value : null);
    });
    drop(settle, 'whoever asks meanwhile waits for the reading itself');
    return entry;
  }

  #keep(source: string, entry: Entry): void {
    entry.keptAtMs = entry.told.toldAtMs;
    const { told } = entry;
    const kept: Told = { ...told, text: withoutAddresses(told.text) };
    drop(
      this.#options.keepsake.putText(keptAs(source), JSON.stringify(kept)),
      'what is not kept is only missing while the source is away',
    );
  }

  async #recall(source: string): Promise<Entry | undefined> {
    const text = await this.#options.keepsake.text(keptAs(source));
    // The source may have spoken while the cache was asked.
    const entry = this.#entries.get(source);
    if (entry !== undefined || text === null) return entry;
    const told = v.safeParse(v.pipe(v.string(), v.parseJson(), toldSchema), text);
    if (!told.success || told.output.address !== this.#options.addressOf(source)) return undefined;
    return this.#enter(source, told.output);
  }
}

function isSame(before: Told, told: Told): boolean {
  if (before.address !== told.address || before.version !== told.version) return false;
  return before.text === told.text;
}

function keyOf(text: string, version: string): string {
  return createHash('sha256').update(`${version}\n${text}`).digest('hex');
}

function keptAs(source: string): string {
  return `routing of ${source}`;
}

/**
 * Routing needs no address, and the paths of some are secrets themselves: what is kept on disk has none.
 * What stands there instead is one that a reader takes.
 */
function withoutAddresses(text: string): string {
  return text.replace(/\bhttps?:\/\/[^\s"']+/gi, 'http://not-kept');
}
