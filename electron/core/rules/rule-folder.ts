import { isUtf8 } from 'node:buffer';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileFailure, readBoundedFile } from '#core/config/bounded-file.ts';
import type { ConfigurationProblem } from '#shared/model/settings.ts';
import { readRuleFile, type RuleFile } from './rule-file.ts';
import type { RuleGroup } from './rule.ts';

/** Reads the rule files of a folder: `*.yml` and `*.yaml`, not those of its folders. Never rejects. */
export interface RuleFolder {
  readonly groups: readonly RuleGroup[];
  /** Files that are there and count for nothing: what ran of them goes on. Null: the folder itself cannot be read. */
  readonly refusedFiles: ReadonlySet<string> | null;
  readonly problems: readonly ConfigurationProblem[];
  /** Every file that was looked at, as paths. */
  readonly paths: readonly string[];
}

const maxFiles = 500;
const maxFileBytes = 1_048_576;
const maxProblems = 500;
const maxRules = 10_000;

async function ruleFilesIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder);
  return names.filter((name) => /\.ya?ml$/.test(name)).sort();
}

export async function readRuleFolder(folder: string): Promise<RuleFolder> {
  let names: readonly string[];
  try {
    names = await ruleFilesIn(folder);
  } catch (error) {
    const problem = fileProblem(
      folder,
      `the folder of rules: ${fileFailure(error).message}`,
      'a folder that can be read',
    );
    return { groups: [], refusedFiles: null, problems: [problem], paths: [] };
  }
  const groups: RuleGroup[] = [];
  const problems: ConfigurationProblem[] = [];
  const refusedFiles = new Set<string>();
  if (names.length > maxFiles)
    problems.push(
      fileProblem(
        folder,
        `${names.length} rule files; the first ${maxFiles} by name are read`,
        `at most ${maxFiles} files`,
      ),
    );
  let rulesLeft = maxRules;
  const taken = names.slice(0, maxFiles);
  for (const name of taken) {
    const content = await readBoundedFile(join(folder, name), maxFileBytes);
    const file = content.ok
      ? readBytes(content.value, name)
      : refusedFile(fileProblem(name, content.failure.message, 'a file of at most 1 MiB that can be read'));
    const count = file.groups.reduce((sum, { rules }) => sum + rules.length, 0);
    rulesLeft -= count;
    if (rulesLeft < 0) {
      problems.push(fileProblem(name, 'too many rules in the folder', `at most ${maxRules} in all files`));
      refusedFiles.add(name);
      rulesLeft += count;
      continue;
    }
    groups.push(...file.groups);
    problems.push(...file.problems);
    if (file.problems.some(({ severity }) => severity === 'error')) refusedFiles.add(name);
  }
  return {
    groups,
    refusedFiles,
    problems: problems.slice(0, maxProblems),
    paths: taken.map((name) => join(folder, name)),
  };
}

function readBytes(bytes: Buffer, name: string): RuleFile {
  const text = bytes.toString('utf8');
  if (isUtf8(bytes)) return readRuleFile(text, name);
  // Where it stops being text: the first character that stands for bytes that are none.
  const before = text.slice(0, Math.max(0, text.indexOf('\uFFFD'))).split('\n');
  const problem = fileProblem(name, 'this is not UTF-8', 'a text file in UTF-8');
  return refusedFile({ ...problem, line: before.length, column: (before.at(-1) ?? '').length + 1 });
}

function refusedFile(problem: ConfigurationProblem): RuleFile {
  return { groups: [], problems: [problem] };
}

function fileProblem(file: string, message: string, accepted: string): ConfigurationProblem {
  return { severity: 'error', file, line: 1, column: 1, path: '', message, accepted };
}
