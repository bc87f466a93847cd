import type { Page } from 'playwright';
import { commandFailure, type CommandFailure, type SourceFailure } from '#shared/failure.ts';
import type { LogAnswer, LogLine } from '#shared/model/log.ts';
import { failed, success } from '#shared/result.ts';
import { minuteMs, secondMs } from '#shared/time.ts';
import type { ScriptedAnswers, ScriptedCore, ScriptedQuestions, ScriptedState } from './scripted-core.ts';
import { hostileKeys, hostileText } from './scripted-hostile.ts';
import { logAnswer, logLine, logQuestions, logTail, nightLines } from './scripted-logs.ts';
import { cachedOf, gone, night, blindNight, type Arrange, type ScreenState } from './scripted-screens.ts';
import { withAllKinds } from './scripted-world.ts';

/** The states of the logs view, of one line in it, and of a live tail. */

const at = '#/logs';
const lineCount = 140;

export function refusedBy(source: string, address: string): CommandFailure {
  return sourceFailed(source, {
    code: 'refused',
    message: `${address} refused the connection`,
    nextStep: 'Check that the server runs and that this machine reaches it.',
    retryAfterMs: null,
    status: null,
  });
}

function sourceFailed(name: string, source: SourceFailure): CommandFailure {
  return { ...commandFailure('source-failed', `${name}: ${source.message}`, source.nextStep), source };
}

const lokiGone = refusedBy('loki', '10.20.0.14:3100');
const wrongQuery = sourceFailed('loki', {
  code: 'bad-query',
  message:
    'parse error at line 1, col 27: syntax error: unexpected IDENTIFIER, expecting STRING: {service=~".+"} |= QueuePool',
  nextStep: 'Put the text that is looked for in quotes.',
  retryAfterMs: null,
  status: 400,
});

const goneLoki: ScriptedQuestions = {
  'logs.query': () => failed(lokiGone),
  'logs.volume': () => failed(lokiGone),
  'logs.size': () => failed(lokiGone),
};

interface LogScript {
  readonly lines?: readonly LogLine[];
  readonly part?: Partial<LogAnswer>;
  readonly on?: ScriptedQuestions;
  readonly answers?: Partial<ScriptedAnswers>;
  readonly state?: Partial<ScriptedState>;
}

function logs({ lines, part, on, answers, state }: LogScript = {}): ScriptedCore {
  const nowMs = Date.now();
  const answer = logAnswer(lines ?? nightLines(nowMs - secondMs, lineCount), part);
  return night({ ...withAllKinds(nowMs), ...state }, { on: { ...logQuestions(answer), ...on }, ...answers });
}

/** What is kept of a Loki that is gone; complete up to then. */
function cachedLogs(agoMs: number, script: LogScript = {}): ScriptedCore {
  const untilMs = Date.now() - agoMs;
  return logs({
    lines: nightLines(untilMs, lineCount),
    on: { 'logs.size': () => failed(lokiGone) },
    state: gone(['loki'], agoMs),
    ...script,
    part: {
      origin: cachedOf('loki', agoMs),
      coverage: [{ fromMs: untilMs - 40 * minuteMs, toMs: untilMs }],
      ...script.part,
    },
  });
}

export async function rowsShown(page: Page): Promise<void> {
  await page.locator('[role="row"][aria-selected="true"]').first().waitFor();
}

/** Presses keys once the rows are there, and waits for what they lead to. */
function keys(pressed: readonly string[], leadTo?: (page: Page) => Promise<void>): Arrange {
  return async (page) => {
    await rowsShown(page);
    for (const key of pressed) await page.keyboard.press(key);
    await leadTo?.(page);
  };
}

const saying =
  (text: RegExp | string) =>
  (page: Page): Promise<void> =>
    page.getByText(text).first().waitFor();

/** To the line of the pool, the last but two errors up, and unfolds it. */
const toPoolLine = ['E', 'E', 'Enter'];

/** A tail that has run for a while, with what is said here otherwise. */
function tailing(part: Parameters<typeof logTail>[0] = {}): ScriptedCore {
  const core = logs();
  const lines = part.lines ?? nightLines(Date.now(), 30);
  core.update({ tails: new Map([['tail-1', logTail({ ...part, lines: [...lines] })]]) });
  return core;
}

const patterns = (origin: LogAnswer['origin']): ScriptedCore =>
  logs({ on: { 'logs.patterns': () => success({ origin, patterns: [] }) } });

const hostileLine = (): LogLine =>
  logLine({
    atMs: Date.now() - secondMs,
    level: 'error',
    text: `${hostileText} ${'x'.repeat(250_000)}`,
    cutFrom: 1_048_576,
    metadata: hostileKeys(10_000),
  });

export const logStates: Readonly<Record<string, ScreenState>> = {
  'logs-live': { core: logs, at, arrange: rowsShown },
  'logs-first-load': {
    core: () => logs({ answers: { hold: new Set(['logs.labels']) } }),
    at,
    arrange: saying('Asking for the lines.'),
  },
  'logs-asking-again': {
    core: logs,
    at,
    arrange: async (page, _host, core) => {
      await rowsShown(page);
      core.answer({ hold: new Set(['logs.query', 'logs.volume']) });
      await page.keyboard.press('[');
      await page.getByText(/asking, 1 s/).waitFor();
    },
  },
  'logs-empty': { core: () => logs({ lines: [] }), at, arrange: saying(/No line in this range/) },
  'logs-no-labels': {
    core: () =>
      logs({
        lines: [],
        on: { 'logs.labels': () => success({ origin: logAnswer([]).origin, names: [] }) },
      }),
    at,
    arrange: saying(/no label in this range/),
  },
  'logs-failed': {
    core: () => logs({ on: goneLoki }),
    at,
    arrange: async (page) => page.getByRole('alert').waitFor(),
  },
  'logs-wrong-query': {
    core: logs,
    at,
    arrange: async (page, _host, core) => {
      await rowsShown(page);
      core.answer({ on: { ...logQuestions(logAnswer([])), 'logs.query': () => failed(wrongQuery) } });
      await page.keyboard.press('L');
      await page.keyboard.press('End');
      await page.keyboard.type(' |= QueuePool');
      await page.keyboard.press('Enter');
      await page.getByRole('alert').waitFor();
    },
  },
  'logs-stale': {
    core: logs,
    at,
    arrange: async (page, _host, core) => {
      await rowsShown(page);
      core.answer({ on: { ...logQuestions(logAnswer([])), ...goneLoki } });
      await page.keyboard.press('[');
      await page.getByRole('alert').waitFor();
    },
  },
  'logs-cached': { core: () => cachedLogs(18 * minuteMs), at, arrange: rowsShown },
  'logs-cached-partly': {
    core: () =>
      cachedLogs(18 * minuteMs, {
        part: {
          coverage: [],
          warnings: ['Kept lines cannot answer | json: every line of the selector is shown.'],
        },
      }),
    at,
    arrange: rowsShown,
  },
  'logs-unknown': {
    core: () =>
      logs({
        lines: [],
        on: { 'logs.size': () => failed(lokiGone) },
        state: gone(['loki'], 18 * minuteMs),
        part: { origin: { kind: 'unknown', reason: 'loki does not answer; nothing of it is kept' } },
      }),
    at,
    arrange: saying(/Unknown: outside coverage/),
  },
  'logs-blind': {
    core: () => cachedLogs(19 * minuteMs, { state: blindNight() }),
    at,
    arrange: rowsShown,
  },
  'logs-more': {
    core: () => logs({ part: { isMore: true, warnings: ['maximum of series (500) reached for a query'] } }),
    at,
    arrange: rowsShown,
  },
  'logs-levels-hidden': {
    core: logs,
    at,
    arrange: keys(['2', '3', '4', '5'], saying(/of levels that are hidden/)),
  },
  'logs-search': {
    core: logs,
    at,
    arrange: keys(['/', 'p', 'o', 'o', 'l', 'Enter'], (page) => page.locator('mark').first().waitFor()),
  },
  'logs-completion': {
    core: logs,
    at,
    arrange: async (page) => {
      await rowsShown(page);
      await page.keyboard.press('L');
      await page.keyboard.press('Control+a');
      await page.keyboard.type('{service=~"');
      await page.getByRole('option', { name: /frontend/ }).waitFor();
    },
  },
  'logs-line': { core: logs, at, arrange: keys(toPoolLine, saying('context.request_id')) },
  'logs-line-cached': {
    core: () => cachedLogs(18 * minuteMs),
    at,
    arrange: keys(toPoolLine, saying('context.request_id')),
  },
  'logs-line-hostile': {
    core: () => logs({ lines: [...nightLines(Date.now() - 2_000, 12), hostileLine()] }),
    at,
    arrange: keys(['Enter'], saying(/Shown: the first 20000 of 1048576/)),
  },
  'logs-hostile': {
    core: () => {
      const nowMs = Date.now();
      const label = { [`label${hostileText}`]: hostileText, service: hostileText, pod: 'p'.repeat(5_000) };
      const lines = Array.from({ length: 60 }, (_none, index) =>
        logLine({
          atMs: nowMs - index * secondMs,
          level: 'warn',
          text: `${hostileText} ${'\u0007'.repeat(200)}`,
        }),
      ).toReversed();
      return logs({ lines, part: { streams: [label], warnings: [hostileText] } });
    },
    at,
    arrange: rowsShown,
  },
  'logs-patterns': {
    core: logs,
    at,
    arrange: keys(['P'], (page) => page.getByRole('grid', { name: 'Patterns' }).waitFor()),
  },
  'logs-patterns-asking': {
    core: () => logs({ answers: { hold: new Set(['logs.patterns']) } }),
    at,
    arrange: keys(['P'], saying('Asking for the patterns.')),
  },
  'logs-patterns-none': {
    core: () => patterns({ kind: 'live', source: 'loki', atMs: Date.now() }),
    at,
    arrange: keys(['P'], saying(/has found no pattern/)),
  },
  'logs-patterns-unknown': {
    core: () => patterns({ kind: 'unknown', reason: 'loki: This Loki does not offer patterns.' }),
    at,
    arrange: keys(['P'], saying(/does not offer patterns/)),
  },
  'logs-patterns-failed': {
    core: () => logs({ on: { 'logs.patterns': () => failed(lokiGone) } }),
    at,
    arrange: keys(['P'], saying(/refused the connection/)),
  },
  'logs-fields': {
    core: logs,
    at,
    arrange: keys(['D'], (page) => page.getByRole('grid', { name: 'Fields' }).waitFor()),
  },
  'logs-context': { core: logs, at, arrange: keys(['E', 'c'], saying(/of one stream\./)) },
  'logs-context-asking': {
    core: () => logs({ answers: { hold: new Set(['logs.context']) } }),
    at,
    arrange: keys(['E', 'c'], saying(/of one stream, asked for/)),
  },
  'logs-context-failed': {
    core: () => logs({ on: { 'logs.context': () => failed(lokiGone) } }),
    at,
    arrange: keys(['E', 'c'], (page) => page.getByRole('alert').waitFor()),
  },
  'logs-context-cached': {
    core: () => cachedLogs(18 * minuteMs),
    at,
    arrange: keys(['E', 'c'], saying(/of one stream\./)),
  },
  'logs-tail': { core: () => tailing(), at, arrange: keys(['T'], saying('Following')) },
  'logs-tail-connecting': {
    core: () => logs({ answers: { hold: new Set(['logs.tail']) } }),
    at,
    arrange: keys(['T'], saying('Tail is connecting')),
  },
  'logs-tail-held': {
    core: () => tailing({ received: 30 }),
    at,
    arrange: async (page, _host, core) => {
      await rowsShown(page);
      await page.keyboard.press('T');
      await page.getByText('Following').waitFor();
      await page.keyboard.press('k');
      await page.getByText(/View held/).waitFor();
      const { lines = [] } = core.state.tails.get('tail-1') ?? {};
      const newer = nightLines(Date.now() + 97 * secondMs, 388);
      const tail = logTail({ lines: [...lines, ...newer], received: 418 });
      core.update({ tails: new Map([['tail-1', tail]]) });
      await page.getByText(/newer lines wait below/).waitFor();
    },
  },
  'logs-tail-dropped': {
    core: () => tailing({ state: 'recovering', received: 4_200, dropped: 388, recovered: 120 }),
    at,
    arrange: keys(['T'], saying(/388 dropped/)),
  },
  'logs-tail-lost': {
    core: () => tailing({ state: 'waiting', failure: lokiGone.source ?? null, linesPerSecond: 0 }),
    at,
    arrange: keys(['T'], saying(/Tail is lost/)),
  },
  'logs-tail-ended': {
    core: () => tailing({ state: 'ended', failure: lokiGone.source ?? null, linesPerSecond: 0 }),
    at,
    arrange: keys(['T'], saying(/Tail has ended/)),
  },
  'logs-tail-refused': {
    core: () =>
      logs({
        on: {
          'logs.tail': () =>
            failed(commandFailure('unavailable', 'loki has too many tails open', 'End another tail first.')),
        },
      }),
    at,
    arrange: keys(['T'], saying(/too many tails/)),
  },
  'logs-tail-waiting': {
    core: () => {
      const core = logs({ lines: [] });
      core.update({ tails: new Map([['tail-1', logTail({ linesPerSecond: 0 })]]) });
      return core;
    },
    at,
    arrange: async (page) => {
      await page.getByText(/No line in this range/).waitFor();
      await page.keyboard.press('T');
      await page.getByText(/waits for a first line/).waitFor();
    },
  },
};
