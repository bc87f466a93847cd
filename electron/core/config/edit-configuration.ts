import { isDeepStrictEqual } from 'node:util';
import { isMap, isSeq } from 'yaml';
import type { YAMLMap, YAMLSeq } from 'yaml';
import { commandFailure } from '#shared/failure.ts';
import type { CommandFailure } from '#shared/failure.ts';
import type { SourceDraft } from '#shared/model/settings.ts';
import { failed, success } from '#shared/result.ts';
import type { Result } from '#shared/result.ts';
import type { Configuration, SourceEntry } from './configuration.ts';
import { fileValuesOf } from './draft-values.ts';
import { parseConfiguration } from './parse-configuration.ts';
import { formatProblem, isError } from './problem-text.ts';
import { literalDraftOf, unmasked } from './source-draft.ts';
import { addItem, addListToRoot, applyEdits, removeItem, removeValues, setValues } from './yaml-edits.ts';
import type { TextEdit } from './yaml-edits.ts';
import { readYaml } from './yaml-text.ts';

/**
 * Changes one source in the text of the configuration file and leaves everything else as it was. Pure.
 * Every edit is read back before it is handed out: it says exactly what was asked and changed nothing
 * else, or it is refused. Called by the store, which reads and writes the file.
 */
export interface EditedText {
  readonly text: string;
  readonly file: string;
}

/**
 * Writes a source: in the place of the one that `replaces` names, or as a new one where it is null.
 * Fails with `conflict` where the file has errors or does not have that source any more, and with
 * `invalid-input` where the draft is wrong.
 */
export function saveSourceIn(
  { text, file }: EditedText,
  draft: SourceDraft,
  replaces: string | null,
): Result<string, CommandFailure> {
  const current = soundConfiguration(text, file);
  if (!current.ok) return current;
  const { sources } = current.value;
  const stored = sources.find((source) => source.name === replaces) ?? null;
  if (replaces !== null && stored === null) return failed(gone(replaces, file));
  const revealed = unmasked(draft, stored);
  if (!revealed.ok) return revealed;
  const checked = checkDraft(revealed.value);
  if (!checked.ok) return checked;
  if (sources.some((source) => source.name === draft.name && source !== stored)) {
    const message = `There is a source named ${JSON.stringify(draft.name)} already.`;
    return failed(commandFailure('conflict', message, 'Choose another name.'));
  }
  const edited =
    stored === null ? addSource(text, revealed.value) : changeSource(text, stored, revealed.value);
  const wanted =
    stored === null
      ? [...sources, checked.value]
      : // What no draft has stays as the file says it.
        sources.map((each) => (each === stored ? { ...checked.value, watchdog: each.watchdog } : each));
  return verified(edited, file, current.value, wanted);
}

/** Takes a source out of the text. Fails with `not-found`, or with `conflict` where the file has errors. */
export function removeSourceFrom({ text, file }: EditedText, name: string): Result<string, CommandFailure> {
  const current = soundConfiguration(text, file);
  if (!current.ok) return current;
  const { sources } = current.value;
  const index = sources.findIndex((source) => source.name === name);
  const list = sourceListOf(text);
  if (index === -1 || list === null) {
    const message = `There is no source named ${JSON.stringify(name)} in ${file}.`;
    return failed(commandFailure('not-found', message, 'Look at the sources again: the file has changed.'));
  }
  const edited = applyEdits(text, [removeItem(text, list, index)]);
  return verified(edited, file, current.value, sources.toSpliced(index, 1));
}

/**
 * Checks a draft as if it stood in the file, by the rules of the file.
 * @returns the source, or `invalid-input` with every mistake by its key.
 */
export function checkDraft(draft: SourceDraft): Result<SourceEntry, CommandFailure> {
  const text = applyEdits('', [addListToRoot('', null, 'sources', fileValuesOf(draft))]);
  const { configuration, problems } = parseConfiguration(text, '');
  const [source] = configuration?.sources ?? [];
  const names = draft.headers.map((header) => header.name);
  const mistakes = problems
    .filter(isError)
    .map(
      ({ path, message, accepted }) =>
        `${path.replace(/^sources\[0\]\.?/, '')}: ${message}${accepted === '' ? '' : `; accepted: ${accepted}`}`,
    );
  if (new Set(names).size < names.length)
    mistakes.push('headers: a name comes twice; accepted: each header once');
  if (source !== undefined && mistakes.length === 0) return success(source);
  return failed(commandFailure('invalid-input', mistakes.join('\n'), 'Correct the field and try again.'));
}

function soundConfiguration(text: string, file: string): Result<Configuration, CommandFailure> {
  const { configuration, problems } = parseConfiguration(text, file);
  if (configuration !== null) return success(configuration);
  const first = problems.find(isError);
  const message = `The file has errors: ${first === undefined ? file : formatProblem(first)}`;
  return failed(
    commandFailure('conflict', message, 'Correct the file in an editor first; nothing was written.'),
  );
}

function gone(name: string, file: string): CommandFailure {
  const message = `The source ${JSON.stringify(name)} is not in ${file} any more.`;
  return commandFailure('conflict', message, 'Look at the sources again: the file has changed.');
}

function addSource(text: string, draft: SourceDraft): string {
  const values = fileValuesOf(draft);
  const list = sourceListOf(text);
  const empty = list === null || (list.items.length === 0 && rootOf(text)?.flow !== true);
  const edit = empty ? addListToRoot(text, rootOf(text), 'sources', values) : addItem(text, list, values);
  return applyEdits(text, [edit]);
}

function changeSource(text: string, stored: SourceEntry, draft: SourceDraft): string {
  const current = fileValuesOf(literalDraftOf(stored));
  const wanted = fileValuesOf(draft);
  const index = Number(/\d+/.exec(stored.path)?.[0]);
  const edit = (before: string, change: typeof setValues): string => {
    const source = sourceListOf(before)?.items[index];
    const edits: TextEdit[] = isMap(source) ? change(before, source, current, wanted) : [];
    return applyEdits(before, edits);
  };
  // In two steps, for what is added stands beside what is removed.
  return edit(edit(text, setValues), removeValues);
}

function rootOf(text: string): YAMLMap | null {
  const contents = readYaml(text, '').document?.contents;
  return isMap(contents) ? contents : null;
}

function sourceListOf(text: string): YAMLSeq | null {
  const list: unknown = rootOf(text)?.get('sources', true);
  return isSeq(list) ? list : null;
}

function verified(
  edited: string,
  file: string,
  before: Configuration,
  wanted: readonly SourceEntry[],
): Result<string, CommandFailure> {
  const after = parseConfiguration(edited, file).configuration;
  const plain = (configuration: Configuration, sources: readonly SourceEntry[]): unknown => {
    const { environment, operator, groupBy, comeBackAfterMs, rules, notifications } = configuration;
    const { runbooksFolder, runbookHosts, silenceTimes } = configuration;
    // The header order and the place in the file are no part of what a source is.
    const bare = sources.map(({ path: _path, headers, ...rest }) => ({
      ...rest,
      headers: new Map(headers.map(({ name, value }) => [name, value])),
    }));
    const others = { comeBackAfterMs, silenceTimes, runbooksFolder, runbookHosts, notifications };
    return { environment, operator, groupBy, rules, ...others, sources: bare };
  };
  if (after !== null && isDeepStrictEqual(plain(after, after.sources), plain(before, wanted)))
    return success(edited);
  const message = `${file} is laid out in a way that cannot be edited here without changing something else.`;
  return failed(commandFailure('conflict', message, 'Change the source in an editor; nothing was written.'));
}
