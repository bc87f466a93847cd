import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { classRules, type EvaluationClass } from './classify.ts';
import { runScript, type RunEvaluation } from './run-script.ts';

/**
 * `npm run conformance`: Prometheus' own engine tests, from the folder beside the checkout, against this
 * engine. Names of files choose among them; `--verbose` prints every failure so that it can be asked again.
 * Ends with the line `RESULT {…}`; the exit code says whether everything of the core is right.
 */
const defaultFolder = new URL('../../../shared/fixtures/promqltest/', import.meta.url).pathname;

export function main(argv: readonly string[]): number {
  const { values, positionals } = parseArgs({
    args: [...argv],
    options: {
      verbose: { type: 'boolean', default: false },
      folder: { type: 'string', default: defaultFolder },
    },
    allowPositionals: true,
  });
  if (!existsSync(values.folder)) {
    console.error(`There are no engine tests at ${values.folder}. Give their folder with --folder DIR.`);
    return 1;
  }
  const names = readdirSync(values.folder)
    .filter((name) => name.endsWith('.test'))
    .filter((name) => positionals.length === 0 || positionals.some((word) => name.startsWith(word)))
    .sort();
  console.log(classRules);
  const files = names.map((name) => ({
    name,
    run: runScript(readFileSync(`${values.folder}/${name}`, 'utf8')),
  }));
  printTable(files);
  printReasons(files);
  if (values.verbose) for (const { name, run } of files) for (const one of run) printFailure(name, one);
  const all = files.flatMap(({ run }) => run);
  const result = {
    core: score(all, ['core']),
    withoutNativeHistograms: score(all, ['core', 'experimental']),
    all: score(all, ['core', 'experimental', 'native-histograms']),
  };
  console.log(`RESULT ${JSON.stringify(result)}`);
  return result.core.passed === result.core.of ? 0 : 1;
}

interface RunFile {
  readonly name: string;
  readonly run: readonly RunEvaluation[];
}

interface Score {
  readonly passed: number;
  readonly of: number;
}

function score(run: readonly RunEvaluation[], classes: readonly EvaluationClass[]): Score {
  const chosen = run.filter((one) => classes.includes(one.class));
  return { passed: chosen.filter(({ verdict }) => verdict.kind === 'passed').length, of: chosen.length };
}

function printTable(files: readonly RunFile[]): void {
  const scores = (run: readonly RunEvaluation[]): string[] => {
    const count = (kind: string): string => String(run.filter(({ verdict }) => verdict.kind === kind).length);
    const of = (...classes: EvaluationClass[]): string => {
      const { passed, of } = score(run, classes);
      return of === 0 ? '' : `${passed}/${of}`;
    };
    return [
      String(run.length),
      count('passed'),
      count('failed'),
      count('not-supported'),
      of('core'),
      of('experimental'),
      of('native-histograms'),
    ];
  };
  const rows = [
    ['file', 'evaluations', 'passed', 'failed', 'not supported', 'core', 'experimental', 'native histograms'],
    ...files.map(({ name, run }) => [name, ...scores(run)]),
    ['total', ...scores(files.flatMap(({ run }) => run))],
  ];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  for (const row of rows)
    console.log(
      row
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  '),
    );
}

/** Why evaluations are not supported, how many of each file. */
function printReasons(files: readonly RunFile[]): void {
  const reasons = new Map<string, Map<string, number>>();
  for (const { name, run } of files)
    for (const { verdict } of run) {
      if (verdict.kind !== 'not-supported') continue;
      const reason = verdict.reason.replace(/^(a native histogram) in .* (is not supported)$/s, '$1 $2');
      const ofFiles = reasons.get(reason) ?? new Map<string, number>();
      reasons.set(reason, ofFiles.set(name, (ofFiles.get(name) ?? 0) + 1));
    }
  for (const [reason, ofFiles] of reasons)
    console.log(`${reason}: ${[...ofFiles].map(([name, count]) => `${name} ${count}`).join(', ')}`);
}

function printFailure(file: string, { evaluation, class: kind, verdict }: RunEvaluation): void {
  if (verdict.kind === 'passed' || (verdict.kind === 'not-supported' && kind !== 'core')) return;
  console.log(`\n${file}:${evaluation.line}  ${kind}  ${evaluation.query}`);
  if (verdict.kind === 'not-supported') {
    console.log(`  ${verdict.reason}`);
    return;
  }
  const { query, when, difference } = verdict.failure;
  if (query !== evaluation.query) console.log(`  asked     ${query}`);
  console.log(`  at        ${when}`);
  console.log(`  expected  ${difference.expected}`);
  console.log(`  got       ${difference.got}`);
}
