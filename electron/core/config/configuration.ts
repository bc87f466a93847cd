import type { Authentication } from '#shared/model/settings.ts';
import type { SourceKind } from '#shared/model/source.ts';
import type { NotificationPolicy } from '#shared/notify/model.ts';
import type { LabelMatcher } from '#shared/routing/matchers/label-matcher.ts';

/**
 * The configuration as its file says it: checked, defaults filled in, secrets still as written. A
 * literal secret may be in it, so it stays in the core's memory and is never sent, logged or exported;
 * what a window gets is made by source-draft.ts.
 */
export interface Configuration {
  readonly environment: string;
  /** Empty where the file does not say: then it is the system's user. */
  readonly operator: string;
  readonly groupBy: readonly string[];
  /** How long an acknowledgement holds to which nobody comes back; 0 for as long as it takes. */
  readonly comeBackAfterMs: number;
  readonly silenceTimes: SilenceTimes;
  readonly rules: RulesEntry;
  /** As the file says it; empty for none. */
  readonly runbooksFolder: string;
  /** Hosts from which runbooks that alerts link to may be fetched. */
  readonly runbookHosts: readonly string[];
  readonly notifications: NotificationPolicy;
  readonly sources: readonly SourceEntry[];
  /** Where each value of the file stands, by its path in the document: `sources[2].url`. */
  readonly positions: ReadonlyMap<string, Position>;
}

export interface SilenceTimes {
  /** How long the silence of an acknowledgement lasts, unless it is renewed. */
  readonly acknowledgementMs: number;
  /** How long before its end a person is reminded of a silence; 0 for never. */
  readonly reminderLeadMs: number;
}

/** Each is empty where the file does not say. */
export interface RulesEntry {
  readonly folder: string;
  readonly source: string;
}

export interface SourceEntry {
  /** Its place in the document: `sources[2]`. */
  readonly path: string;
  readonly name: string;
  readonly kind: SourceKind;
  readonly url: string;
  readonly authentication: Authentication;
  readonly headers: readonly HeaderEntry[];
  readonly tenant: string;
  readonly tls: TlsEntry;
  /** `system`, `none`, or an address in which credentials are references. */
  readonly proxy: string;
  readonly pollMs: number;
  readonly timeoutMs: number;
  /** Which alert always fires there; null where none does. */
  readonly watchdog: readonly LabelMatcher[] | null;
}

export interface HeaderEntry {
  readonly name: string;
  readonly value: string;
}

/** Each is empty where the file does not say. */
export interface TlsEntry {
  readonly caFile: string;
  readonly certFile: string;
  readonly keyFile: string;
  readonly pinnedSha256: string;
  readonly serverName: string;
}

/** Line and column, both from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** The path of a key below a place in the document; a key that is no plain word stands in brackets. */
export function pathOf(parent: string, key: string): string {
  const cut = key.length > 64 ? `${key.slice(0, 64)}…` : key;
  if (!/^[\w-]+…?$/.test(cut)) return `${parent}[${JSON.stringify(cut)}]`;
  return parent === '' ? cut : `${parent}.${cut}`;
}

/** Where a value stands; the place of its nearest known parent where it is not written. */
export function nearestPosition(positions: ReadonlyMap<string, Position>, path: string): Position {
  let known = path;
  while (known !== '' && !positions.has(known)) {
    known = known.slice(0, Math.max(0, known.lastIndexOf('.'), known.lastIndexOf('[')));
  }
  return positions.get(known) ?? { line: 1, column: 1 };
}
