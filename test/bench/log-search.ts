import { execFileSync } from 'node:child_process';
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openStore, type Store } from '#core/store/store.ts';
import type { KeptLine } from '#core/store/cache/log-records.ts';
import { Cleanup } from '#support/cleanup.ts';
import { temporaryFolder } from '#support/temporary-folder.ts';

/** What a search through the kept log lines costs, beside `grep -c` over the same lines in a file. */

export interface LogSearch {
  readonly lines: number;
  readonly bytes: number;
  /** Until all lines were written, in calls of 10,000. */
  readonly fillMs: number;
  readonly searches: readonly OneSearch[];
}

interface OneSearch {
  readonly text: string;
  /** Of all lines, by the store and by `grep`; they must be equal. */
  readonly matches: number;
  readonly grepMatches: number;
  /** The newest 1,000 lines, with all that is around them. */
  readonly searchMs: number;
  /** How many of all lines, by level and minute. */
  readonly countMs: number;
  readonly grepMs: number;
}

const scope = { source: 'loki', selector: '{app="bench"}', filters: '' };
const startMs = Date.UTC(2026, 10, 21);
const linesPerPut = 10_000;
const words = ['checkout', 'payment', 'timeout', 'upstream', 'retry', 'request', 'database', 'gateway'];
/** One line in a million, one in fifty, one in three, none. */
const texts = ['order=500007 ', 'level=error', 'timeout', 'nothing like this'];

export async function searchLogs(lines = 1_000_000): Promise<LogSearch> {
  const cleanup = new Cleanup();
  try {
    const folder = temporaryFolder(cleanup);
    const file = join(folder, 'lines.txt');
    const opened = await openStore({
      dataDirectory: join(folder, 'data'),
      safeMode: false,
      onNotice: () => {},
      nowMs: () => startMs + lines,
      maxCacheBytes: 2 ** 40,
    });
    if (!opened.ok) throw new Error(opened.failure.message);
    cleanup.add(() => opened.value.close());
    const { bytes, fillMs } = await fill(opened.value, file, lines);
    const searches: OneSearch[] = [];
    for (const text of texts) searches.push(await searchOnce(opened.value, file, text, lines));
    return { lines, bytes, fillMs, searches };
  } finally {
    await cleanup.run();
  }
}

async function fill(store: Store, file: string, lines: number) {
  let [bytes, fillMs] = [0, 0];
  writeFileSync(file, '');
  for (let start = 0; start < lines; start += linesPerPut) {
    const some = Array.from({ length: Math.min(linesPerPut, lines - start) }, (_, index) =>
      line(start + index),
    );
    const text = some.map((one) => one.text + '\n').join('');
    appendFileSync(file, text);
    bytes += text.length;
    const startedAtMs = performance.now();
    const streams = [{ labels: { app: 'bench', pod: `pod-${(start / linesPerPut) % 20}` }, lines: some }];
    const put = await store.putLogs({
      scope,
      fetchedAtMs: startMs,
      incidentId: null,
      streams,
      coverage: null,
    });
    if (!put.ok) throw new Error(put.failure.message);
    fillMs += performance.now() - startedAtMs;
  }
  return { bytes, fillMs };
}

async function searchOnce(store: Store, file: string, text: string, lines: number): Promise<OneSearch> {
  const query = {
    scope,
    matchers: [],
    filters: [{ operator: '|=', values: [text] } as const],
    fromNs: `${startMs}000000`,
    toNs: `${startMs + lines}000000`,
  };
  const steps = Math.ceil(lines / 60_000);
  const search = () => store.logs({ ...query, limit: 1_000, direction: 'backward' });
  const count = () => store.logVolume({ ...query, stepMs: 60_000, steps });
  const grep = () => grepCount(file, text);
  const volume = await count();
  const all = volume.levels.flatMap(({ counts }) => [...counts]);
  return {
    text,
    matches: all.reduce((sum, one) => sum + one, 0),
    grepMatches: grep(),
    searchMs: await medianOf(search),
    countMs: await medianOf(count),
    grepMs: await medianOf(grep),
  };
}

/** Of five, in milliseconds, after one that is not counted. */
async function medianOf(work: () => unknown): Promise<number> {
  const times: number[] = [];
  await work();
  for (let round = 0; round < 5; round++) {
    const startedAtMs = performance.now();
    await work();
    times.push(performance.now() - startedAtMs);
  }
  return times.sort((left, right) => left - right)[2] ?? Number.NaN;
}

/** `grep -c` ends with 1 where it finds nothing. */
function grepCount(file: string, text: string): number {
  try {
    return Number(execFileSync('grep', ['-c', '-F', text, file], { encoding: 'utf8' }));
  } catch (error) {
    if (error instanceof Error && 'status' in error && error.status === 1) return 0;
    throw error;
  }
}

/** Line `index` is always the same; of its fields the trace and the numbers differ from line to line. */
function line(index: number): KeptLine {
  const scatter = (index * 2_654_435_761) % 2 ** 32;
  const word = (at: number): string => words[(scatter >>> (at * 3)) & 7] ?? '';
  const level = index % 50 === 0 ? 'error' : 'info';
  const trace = scatter.toString(16).padStart(8, '0').repeat(4);
  const text = [
    `ts=${new Date(startMs + index).toISOString()} level=${level} caller=${word(0)}.go:${index % 900}`,
    `trace_id=${trace} msg="${word(1)} ${word(2)} ${word(3)} took ${(scatter % 1e6) / 1e3}ms"`,
    `user=${scatter % 999_983} order=${index} path=/api/v1/${word(4)}/${scatter % 7_919}`,
  ].join(' ');
  return { timeNs: `${startMs + index}000000`, text, level, metadata: {} };
}
