import type { Authentication, ConfigurationProblem } from '#shared/model/settings.ts';
import { defaultPolicy } from '#shared/notify/model.ts';
import type { Configuration, Position, SourceEntry } from './configuration.ts';
import {
  configurationKeys,
  defaultComeBackAfterMs,
  defaultGroupBy,
  defaultSilenceMs,
} from './configuration-keys.ts';
import type { SourceValues } from './configuration-keys.ts';
import { isAbsent, mapping, report, resolveAliases } from './key-readers.ts';
import type { Reading } from './key-readers.ts';
import { acceptedNames } from './nearest-name.ts';
import { policyOf } from './notification-policy.ts';
import { isError } from './problem-text.ts';
import { readYaml } from './yaml-text.ts';

/**
 * Reads the text of the configuration file. Pure: no file and no environment is touched, so it serves
 * the file, the last good copy, a draft and an edit alike. Never throws, whatever the text.
 */
export interface ParsedConfiguration {
  /** Null where there is an error; warnings alone leave it in force. */
  readonly configuration: Configuration | null;
  /** All of them, in the order of the file. */
  readonly problems: readonly ConfigurationProblem[];
}

const root = mapping(configurationKeys, {
  accepted: Object.keys(configurationKeys).join(', '),
  description: '',
  fallback: null,
});

/** @param file what the problems call the file. */
export function parseConfiguration(text: string, file: string): ParsedConfiguration {
  const yaml = readYaml(text, file);
  if (yaml.problems.length > 0) return { configuration: null, problems: yaml.problems };
  const problems: ConfigurationProblem[] = [];
  const positions = new Map<string, Position>([['', { line: 1, column: 1 }]]);
  const contents = yaml.document?.contents ?? null;
  if (yaml.document === null || contents === null || isAbsent(contents))
    return withoutSources(file, positions);
  const aliases = resolveAliases(yaml.document);
  const reading: Reading = { aliases, file, positionAt: yaml.positionAt, problems, positions };
  positions.set('', yaml.positionAt(contents.range[0]));
  const values = root.read(contents, { reading, path: '' });
  if (values?.sources.length === 0 && !problems.some(isError)) {
    report(reading, 'warning', 'sources', nothingWatched, nothingWatchedAdvice);
  }
  if (values !== undefined) checkRulesSource(values, reading);
  problems.sort((left, right) => left.line - right.line || left.column - right.column);
  if (values === undefined || problems.some(isError)) return { configuration: null, problems };
  const { environment, operator, incidents, silences, rules, runbooks, notifications } = values;
  const sources = values.sources.map((source, index) => entryOf(source, `sources[${index}]`));
  return {
    configuration: {
      environment,
      operator,
      groupBy: incidents.groupBy,
      comeBackAfterMs: incidents.comeBackAfter,
      silenceTimes: { acknowledgementMs: silences.acknowledgement, reminderLeadMs: silences.remindBefore },
      rules,
      runbooksFolder: runbooks.folder,
      runbookHosts: runbooks.hosts.map((host) => host.toLowerCase()),
      notifications: policyOf(notifications),
      sources,
      positions,
    },
    problems,
  };
}

const nothingWatched = 'no sources: nothing is watched';
const nothingWatchedAdvice = 'a list of sources, each with name, kind and url';

/** Not an error: a source that was taken out or has another name must not put the whole file out of force. */
function checkRulesSource(
  {
    rules,
    sources,
  }: { readonly rules: { readonly source: string }; readonly sources: readonly SourceValues[] },
  reading: Reading,
): void {
  const asked = sources.filter(({ kind }) => kind === 'prometheus').map(({ name }) => name);
  if (rules.source === '' || asked.includes(rules.source)) return;
  const message = `no Prometheus of this name: local rules are not evaluated, and what fires goes out of sight`;
  report(reading, 'warning', 'rules.source', message, acceptedNames(rules.source, asked));
}

function withoutSources(file: string, positions: ReadonlyMap<string, Position>): ParsedConfiguration {
  const place = { file, line: 1, column: 1, path: 'sources' };
  return {
    configuration: {
      environment: '',
      operator: '',
      groupBy: defaultGroupBy,
      comeBackAfterMs: defaultComeBackAfterMs,
      silenceTimes: { acknowledgementMs: defaultSilenceMs, reminderLeadMs: defaultSilenceMs },
      rules: { folder: '', source: '' },
      runbooksFolder: '',
      runbookHosts: [],
      notifications: defaultPolicy,
      sources: [],
      positions,
    },
    problems: [{ severity: 'warning', ...place, message: nothingWatched, accepted: nothingWatchedAdvice }],
  };
}

function entryOf(source: SourceValues, path: string): SourceEntry {
  const { name, kind, url, headers, tenant, tls } = source;
  const pinnedSha256 = tls.pinnedSha256.replaceAll(':', '').toLowerCase();
  return {
    path,
    name,
    kind,
    url,
    authentication: authenticationOf(source.authentication),
    headers,
    tenant,
    tls: { ...tls, pinnedSha256 },
    proxy: source.proxy,
    pollMs: source.poll,
    timeoutMs: source.timeout,
    watchdog: source.watchdog.matchers,
  };
}

function authenticationOf(values: SourceValues['authentication']): Authentication {
  const { kind, username, password, token } = values;
  if (kind === 'basic') return { kind, username, password };
  return kind === 'bearer' ? { kind, token } : { kind };
}
