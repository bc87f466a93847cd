import type { SourceSettings } from '#core/sources/source-settings.ts';
import type { ConfigurationProblem, SettingsView } from '#shared/model/settings.ts';
import type { LabelMatcher } from '#shared/routing/matchers/label-matcher.ts';
import type { Configuration } from './configuration.ts';
import type { UnusableSource } from './resolve-sources.ts';

/**
 * What the rest of the core knows of the configuration. The sources hold secrets: the state stays in the
 * core, and windows get the settings view.
 */
export interface ConfigurationState {
  /**
   * `none`: there is no file. `good`: the file is in force. `broken`: the file has errors, and what was
   * good last is in force.
   */
  readonly state: 'none' | 'good' | 'broken';
  /** Path of the file, whether or not it exists. */
  readonly path: string;
  /** The demo fleet is what is watched. */
  readonly demo: boolean;
  /** Of the file as it is now, in its order. */
  readonly problems: readonly ConfigurationProblem[];
  /** What is in force. */
  readonly configuration: ActiveConfiguration;
  /** With `broken`: when what is in force was good; null where nothing ever was, and nothing is in force. */
  readonly lastGoodAtMs: number | null;
}

export interface ActiveConfiguration {
  readonly environment: string;
  readonly operator: string;
  readonly groupBy: readonly string[];
  readonly comeBackAfterMs: Configuration['comeBackAfterMs'];
  readonly silenceTimes: Configuration['silenceTimes'];
  /** Absolute path of the folder with the local rules, and the source to ask: each empty for none named. */
  readonly rules: { readonly folder: string; readonly source: string };
  /** Absolute path of the folder with the runbooks; empty for none. */
  readonly runbooksFolder: string;
  readonly runbookHosts: Configuration['runbookHosts'];
  readonly notifications: Configuration['notifications'];
  /** By the source's name: which alert always fires there. */
  readonly watchdogs: ReadonlyMap<string, readonly LabelMatcher[]>;
  readonly sources: readonly SourceSettings[];
  readonly unusable: readonly UnusableSource[];
  readonly views: SettingsView['sources'];
}
