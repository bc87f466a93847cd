import { isStartTimesLine, readStartTimes } from '#shared/promql/series/start-times.ts';
import { readEvaluation } from './read-evaluation.ts';
import { durationMs, seriesOf, type ReadStatement, type ScriptLine } from './script-lines.ts';
import { ScriptError, type LoadedSeries, type LoadStatement, type Statement } from './script.ts';

/**
 * Reads the notation of Prometheus' engine tests. A statement is a line and what follows it up to an empty
 * line; a comment is an empty line. Facts: promql/promqltest/test.go.
 */
export function readScript(text: string): readonly Statement[] {
  const lines = text.split('\n').map((raw, index) => {
    const trimmed = raw.trim();
    return { number: index + 1, text: trimmed.startsWith('#') ? '' : trimmed };
  });
  const statements: Statement[] = [];
  let at = 0;
  while (at < lines.length) {
    const head = lines[at]?.text ?? '';
    if (head === '') {
      at++;
      continue;
    }
    const end = lines.findIndex((line, index) => index > at && line.text === '');
    const { statement, taken } = readStatement(lines.slice(at, end === -1 ? lines.length : end));
    statements.push(statement);
    at += taken;
  }
  return statements;
}

function readStatement(lines: readonly ScriptLine[]): ReadStatement<Statement> {
  const word = (lines[0]?.text ?? '').split(/[\t ]+/)[0]?.toLowerCase() ?? '';
  if (word === 'clear') return { statement: { kind: 'clear' }, taken: 1 };
  if (word.startsWith('load')) return readLoad(lines);
  if (word.startsWith('eval')) return readEvaluation(lines);
  throw new ScriptError(lines[0]?.number ?? 0, `"${word}" is no command`);
}

const loadHead = /^load(?:_(with_nhcb))?\s+(.+?)$/;

function readLoad([head, ...rest]: readonly ScriptLine[]): ReadStatement<LoadStatement> {
  const [, suffix, step = ''] = loadHead.exec(head?.text ?? '') ?? [];
  const series: LoadedSeries[] = [];
  let standing: readonly (number | null)[] = [];
  let own: readonly (number | null)[] | null = null;
  for (const line of rest) {
    if (isStartTimesLine(line.text)) {
      const times = readStartTimes(line.text);
      if (!times.ok) throw new ScriptError(line.number, times.failure);
      if (times.value.labels === null) standing = times.value.offsetsMs;
      else own = times.value.offsetsMs;
      continue;
    }
    const { labels, samples } = seriesOf(line);
    if (own !== null && own.length !== samples.length)
      throw new ScriptError(line.number, 'has not as many samples as start times');
    const startOffsetsMs = own ?? samples.map((_, index) => standing[index % standing.length] ?? null);
    series.push({ labels, samples, startOffsetsMs });
    own = null;
  }
  const statement: LoadStatement = {
    kind: 'load',
    stepMs: durationMs(step, head?.number ?? 0),
    addsNativeHistograms: suffix !== undefined,
    series,
  };
  return { statement, taken: rest.length + 1 };
}
