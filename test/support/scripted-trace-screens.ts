import type { Page } from 'playwright';
import type { Trace } from '#shared/model/trace.ts';
import { failed, success } from '#shared/result.ts';
import { minuteMs } from '#shared/time.ts';
import type { Origin } from '#shared/model/origin.ts';
import type { ScriptedAnswers, ScriptedCore, ScriptedQuestions, ScriptedState } from './scripted-core.ts';
import { hostileTrace } from './scripted-hostile.ts';
import { refusedBy, rowsShown } from './scripted-log-screens.ts';
import { blindNight, cachedOf, gone, night, type Arrange, type ScreenState } from './scripted-screens.ts';
import { jaegerOf, longTrace, movedTrace, slowTrace, span, tracesOfNight } from './scripted-traces.ts';
import { withAllKinds } from './scripted-world.ts';

/** The states of the search for traces, of one trace, and of who calls whom. */

const at = '#/traces';
const jaegerGone = refusedBy('jaeger', '10.20.0.15:16686');
const unknown: Origin = { kind: 'unknown', reason: 'jaeger does not answer and nothing of it is kept' };

interface TraceScript {
  readonly traces?: readonly Trace[];
  readonly origin?: Origin;
  readonly on?: ScriptedQuestions;
  readonly answers?: Partial<ScriptedAnswers>;
  readonly state?: Partial<ScriptedState>;
}

function jaeger({ traces, origin, on, answers, state }: TraceScript = {}): ScriptedCore {
  const nowMs = Date.now();
  const live: Origin = { kind: 'live', source: 'jaeger', atMs: nowMs };
  const questions = jaegerOf(traces ?? tracesOfNight(nowMs), origin ?? live);
  return night({ ...withAllKinds(nowMs), ...state }, { on: { ...questions, ...on }, ...answers });
}

const cached = (script: TraceScript = {}): ScriptedCore =>
  jaeger({ origin: cachedOf('jaeger', 18 * minuteMs), state: gone(['jaeger'], 18 * minuteMs), ...script });
const blind = (): ScriptedCore => cached({ state: blindNight() });

/** Writes a service and searches. */
async function search(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1, name: 'Traces' }).waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('frontend');
  await page.keyboard.press('Enter');
}

async function found(page: Page): Promise<void> {
  await search(page);
  await rowsShown(page);
}

const searchedUntil =
  (text: RegExp | string): Arrange =>
  async (page) => {
    await search(page);
    await page.getByText(text).first().waitFor();
  };

const failing: ScriptedQuestions = {
  'traces.search': () => failed(jaegerGone),
  'traces.open': () => failed(jaegerGone),
  'traces.dependencies': () => failed(jaegerGone),
};

const searchStates: Readonly<Record<string, ScreenState>> = {
  'traces-before': { core: jaeger, at, arrange: (page) => page.getByText(/Name a service/).waitFor() },
  'traces-live': { core: jaeger, at, arrange: found },
  'traces-longest': {
    core: jaeger,
    at,
    arrange: async (page) => {
      await found(page);
      await page.keyboard.press('o');
      await page.getByText('Longest first').waitFor();
    },
  },
  'traces-searching': {
    core: () => jaeger({ answers: { hold: new Set(['traces.search']) } }),
    at,
    arrange: searchedUntil('asking, 1 s'),
  },
  'traces-empty': { core: () => jaeger({ traces: [] }), at, arrange: searchedUntil(/No trace of frontend/) },
  'traces-failed': {
    core: () => jaeger({ on: failing }),
    at,
    arrange: searchedUntil(/The search failed/),
  },
  'traces-stale': {
    core: jaeger,
    at,
    arrange: async (page, _host, core) => {
      await found(page);
      core.answer({ on: failing });
      await page.keyboard.press('[');
      await page
        .getByText(/refused the connection/)
        .first()
        .waitFor();
    },
  },
  'traces-cached': { core: cached, at, arrange: found },
  'traces-blind': { core: blind, at, arrange: found },
  'traces-unknown': {
    core: () => jaeger({ origin: unknown, traces: [] }),
    at,
    arrange: searchedUntil(/Not known which traces/),
  },
  'traces-wrong-search': {
    core: jaeger,
    at,
    arrange: async (page) => {
      await found(page);
      await page.getByRole('textbox', { name: 'tags' }).fill('http.status_code');
      await page.keyboard.press('Enter');
      await page.getByText(/Write tags as key=value/).waitFor();
    },
  },
  'traces-limit': {
    core: () => {
      const traces = tracesOfNight(Date.now(), 20);
      const questions = jaegerOf(traces, { kind: 'live', source: 'jaeger', atMs: Date.now() });
      return jaeger({
        on: {
          'traces.search': (wanted) => {
            const answer = questions['traces.search']?.(wanted);
            if (answer?.ok !== true) throw new Error('the search was scripted to answer');
            const warnings = ['2 traces were left out: they are too large to be read.'];
            return success({ ...answer.value, isMore: true, warnings });
          },
        },
      });
    },
    at,
    arrange: found,
  },
  'traces-hostile': {
    core: () => jaeger({ traces: [movedTrace(hostileTrace(20), Date.now() - 5 * minuteMs)] }),
    at,
    arrange: found,
  },
  'traces-file': {
    core: jaeger,
    at,
    arrange: async (page) => {
      await page.getByText(/Name a service/).waitFor();
      const text = JSON.stringify(traceFile);
      await page.getByLabel('Trace file').setInputFiles({
        name: 'kept-from-the-night.json',
        mimeType: 'application/json',
        buffer: Buffer.from(text),
      });
      await rowsShown(page);
    },
  },
};

/** As Jaeger UI saves one. */
const traceFile = {
  data: [
    {
      traceID: '00000000000000000000000000000abc',
      spans: [1, 2].map((id) => ({
        traceID: '00000000000000000000000000000abc',
        spanID: `000000000000000${id}`,
        operationName: id === 1 ? 'import' : 'read a page',
        references:
          id === 1
            ? []
            : [
                {
                  refType: 'CHILD_OF',
                  traceID: '00000000000000000000000000000abc',
                  spanID: '0000000000000001',
                },
              ],
        startTime: 1_763_694_713_881_000 + id * 2_000,
        duration: 42_000 / id,
        tags: [{ key: 'rows', type: 'int64', value: 42 }],
        logs: [],
        processID: 'p1',
        warnings: null,
      })),
      processes: { p1: { serviceName: 'importer', tags: [] } },
      warnings: null,
    },
  ],
};

async function dependencies(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1, name: 'Traces' }).waitFor();
  await page.keyboard.press('D');
}

async function graphDrawn(page: Page): Promise<void> {
  await dependencies(page);
  await page.getByRole('img', { name: /Calls between/ }).waitFor();
}

const dependenciesUntil =
  (text: RegExp | string): Arrange =>
  async (page) => {
    await dependencies(page);
    await page.getByText(text).first().waitFor();
  };

/** @param count services in a row of layers, each calling three of the next. */
function manyLinks(count: number) {
  return Array.from({ length: count }, (_none, index) =>
    [5, 6, 7].map((step) => ({
      parent: `service-${index}`,
      child: `service-${index + step}-with-a-long-name`.slice(0, index % 4 === 0 ? 80 : 16),
      callCount: 17 ** (1 + (index % 5)),
    })),
  ).flat();
}

const withLinks = (links: ReturnType<typeof manyLinks>): ScriptedQuestions => ({
  'traces.dependencies': () =>
    success({ origin: { kind: 'live', source: 'jaeger', atMs: Date.now() }, links: [...links] }),
});

const dependencyStates: Readonly<Record<string, ScreenState>> = {
  'dependencies-live': { core: jaeger, at, arrange: graphDrawn },
  'dependencies-asking': {
    core: () => jaeger({ answers: { hold: new Set(['traces.dependencies']) } }),
    at,
    arrange: dependenciesUntil(/Asking which service/),
  },
  'dependencies-empty': {
    core: () => jaeger({ on: withLinks([]) }),
    at,
    arrange: dependenciesUntil(/counted no calls/),
  },
  'dependencies-failed': {
    core: () => jaeger({ on: failing }),
    at,
    arrange: dependenciesUntil(/Dependencies are not known/),
  },
  'dependencies-cached': { core: cached, at, arrange: graphDrawn },
  'dependencies-blind': { core: blind, at, arrange: graphDrawn },
  'dependencies-unknown': {
    core: () => jaeger({ origin: unknown }),
    at,
    arrange: dependenciesUntil(/Not known which service called/),
  },
  'dependencies-crowded': {
    core: () => jaeger({ on: withLinks(manyLinks(20)) }),
    at,
    arrange: graphDrawn,
  },
  'dependencies-listed': {
    core: () => jaeger({ on: withLinks(manyLinks(150)) }),
    at,
    arrange: dependenciesUntil(/too many to draw/),
  },
};

const { traceId } = slowTrace();
const one = `#/trace/${traceId}`;

async function spansShown(page: Page): Promise<void> {
  await page.getByRole('treegrid', { name: 'Spans' }).waitFor();
  await page.getByLabel('Span').first().waitFor();
}

function spanKeys(...pressed: readonly string[]): Arrange {
  return async (page) => {
    await spansShown(page);
    for (const key of pressed) await page.keyboard.press(key);
  };
}

const told =
  (text: RegExp | string): Arrange =>
  (page) =>
    page.getByText(text).first().waitFor();

const traceScreens: Readonly<Record<string, ScreenState>> = {
  'trace-live': { core: jaeger, at: one, arrange: spansShown },
  'trace-error-detail': {
    core: jaeger,
    at: one,
    arrange: async (page) => {
      await spansShown(page);
      await page.keyboard.press('n');
      await page.getByText('exception.type').waitFor();
    },
  },
  'trace-path': { core: jaeger, at: one, arrange: spanKeys('v') },
  'trace-zoomed': { core: jaeger, at: one, arrange: spanKeys('j', 'j', '+', '+', '.') },
  'trace-folded': { core: jaeger, at: one, arrange: spanKeys(']') },
  'trace-find': {
    core: jaeger,
    at: one,
    arrange: async (page) => {
      await spansShown(page);
      await page.keyboard.press('/');
      await page.keyboard.type('pool');
      await page.getByText(/1 of /).waitFor();
      await page.keyboard.press('Enter');
    },
  },
  'trace-opening': {
    core: () => jaeger({ answers: { hold: new Set(['traces.open']) } }),
    at: one,
    arrange: told('Opening the trace.'),
  },
  'trace-missing': { core: () => jaeger({ traces: [] }), at: one, arrange: told(/has no trace of this id/) },
  'trace-failed': {
    core: () => jaeger({ on: failing }),
    at: one,
    arrange: told(/The trace could not be opened/),
  },
  'trace-unknown': {
    core: () => jaeger({ traces: [], origin: unknown }),
    at: one,
    arrange: told(/Not known whether there is/),
  },
  'trace-cached': { core: cached, at: one, arrange: spansShown },
  'trace-blind': { core: blind, at: one, arrange: spansShown },
  'trace-span-failed': {
    core: () => jaeger({ on: { 'traces.span': () => failed(jaegerGone) } }),
    at: one,
    arrange: told(/refused the connection/),
  },
  'trace-long': {
    core: () => jaeger({ traces: [{ ...longTrace(5_000), traceId }] }),
    at: one,
    arrange: spanKeys('n'),
  },
  'trace-deep': {
    core: () => {
      const spans = Array.from({ length: 120 }, (_none, index) =>
        span(index + 1, index, {
          operation: `step ${index + 1} of a chain that goes ever deeper`,
          atMs: index,
          durationNs: (240 - index) * 1_000_000,
        }),
      );
      return jaeger({ traces: [{ ...slowTrace(), spans }] });
    },
    at: one,
    arrange: spanKeys('G'),
  },
  'trace-hostile': {
    core: () => jaeger({ traces: [{ ...hostileTrace(10_000), traceId }] }),
    at: one,
    arrange: spansShown,
  },
};

export const traceStates: Readonly<Record<string, ScreenState>> = {
  ...searchStates,
  ...dependencyStates,
  ...traceScreens,
};
