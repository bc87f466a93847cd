import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { openBrowser } from '#support/browser.ts';
import { Cleanup } from '#support/cleanup.ts';
import { ensureRenderer } from '../../scripts/build.ts';
import { inProject } from '../../scripts/project.ts';
import { provideChromium } from '../../scripts/provide/chromium.ts';
import { median, p95, tenths } from './figures.ts';
import { measureLogScroll, type LogScroll } from './log-scroll.ts';
import { searchLogs, type LogSearch } from './log-search.ts';
import { measureTrace, type TraceFigures } from './trace-view.ts';

/**
 * `npm run bench:views`: how the views bear very much data. Ends with the line `RESULT {…}`; the exit code
 * says whether the bar was met and whether every search found what `grep` finds.
 */

const logScrollBarMs = 33;
const spans = 50_000;
const scrolledLines = 100_000;
const searchedLines = 1_000_000;
const baselineFile = 'test/bench/jaeger-ui-baseline.json';

export async function main(): Promise<number> {
  const chromium = await provideChromium((line) => console.log(line));
  if (chromium.status !== 'ready') {
    console.error(chromium.reason);
    return 1;
  }
  await ensureRenderer();
  // `grep` compares bytes, its fastest way, in the locale C only.
  process.env['LC_ALL'] = 'C';
  const cleanup = new Cleanup();
  try {
    const browser = await openBrowser(cleanup);
    console.log(`opening a trace of ${spans} spans five times, and jumping in it …`);
    const trace = await measureTrace(browser, spans);
    console.log(`first row: ${trace.firstRowMs.map(Math.round).join(', ')} ms`);
    console.log(`scrolling ${scrolledLines} log lines …`);
    const scroll = await measureLogScroll(browser, scrolledLines);
    await browser.close();
    console.log(`searching ${searchedLines} kept log lines …`);
    return report(trace, scroll, await searchLogs(searchedLines));
  } finally {
    await cleanup.run();
  }
}

function report(trace: TraceFigures, scroll: LogScroll, search: LogSearch): number {
  const logScrollP95Ms = tenths(Math.max(...scroll.scrolls.map(({ frameMs }) => p95(frameMs))));
  // The text that takes longest to search for speaks for all of them.
  const slowest = search.searches.toSorted((left, right) => right.searchMs - left.searchMs)[0];
  const result = {
    trace50kFirstRowMs: tenths(median(trace.firstRowMs)),
    trace50kJumpP95Ms: tenths(p95(trace.jumpMs)),
    logScrollP95Ms,
    search1MLinesMs: tenths(slowest?.searchMs ?? Number.NaN),
    grepMs: tenths(slowest?.grepMs ?? Number.NaN),
    /** Of this machine over the last 1, 5 and 15 minutes: others' work shows in every figure. */
    load: loadavg().map(tenths),
    raw: {
      trace: { ...trace, firstRowMs: trace.firstRowMs.map(tenths), jumpMs: trace.jumpMs.map(tenths) },
      logScroll: { lines: scroll.lines, scrolls: scroll.scrolls.map(spreadOf) },
      search,
    },
    baseline: {
      source: baselineFile,
      jaegerUi: JSON.parse(readFileSync(inProject(baselineFile), 'utf8')) as unknown,
    },
  };
  const problems = problemsOf(logScrollP95Ms, search);
  for (const problem of problems) console.log(`missed: ${problem}`);
  console.log(`RESULT ${JSON.stringify(result)}`);
  return problems.length === 0 ? 0 : 1;
}

function spreadOf({ pxPerFrame, frameMs, blankFrames }: LogScroll['scrolls'][number]) {
  return {
    pxPerFrame,
    frames: frameMs.length,
    medianMs: tenths(median(frameMs)),
    p95Ms: tenths(p95(frameMs)),
    maxMs: tenths(Math.max(...frameMs)),
    blankFrames,
  };
}

function problemsOf(logScrollP95Ms: number, { searches }: LogSearch): readonly string[] {
  const wrong = searches
    .filter(({ matches, grepMatches }) => matches !== grepMatches)
    .map((one) => `${one.matches} lines with "${one.text}", and grep finds ${one.grepMatches}`);
  if (logScrollP95Ms <= logScrollBarMs) return wrong;
  return [`logScrollP95Ms is ${logScrollP95Ms}, at most ${logScrollBarMs}`, ...wrong];
}
