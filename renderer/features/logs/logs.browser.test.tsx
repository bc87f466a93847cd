import '../../styles/tokens.css';
import '../../styles/base.css';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { commandFailure } from '#shared/failure.ts';
import type { LogAnswer } from '#shared/model/log.ts';
import { failed, success } from '#shared/result.ts';
import type { App } from '#renderer/app.ts';
import { Cleanup } from '#support/cleanup.ts';
import { mountWindow } from '#support/mount-window.ts';
import { ScriptedCore } from '#support/scripted-core.ts';
import { logAnswer, logLine, logQuestions, logTail, nightLines, traceId } from '#support/scripted-logs.ts';

const cleanup = new Cleanup();

beforeEach(() => page.viewport(1_280, 800));
afterEach(() => cleanup.run());

function activeRow(): string {
  const id = document.querySelector('[role="grid"]')?.getAttribute('aria-activedescendant') ?? '';
  return document.getElementById(id)?.textContent ?? '';
}

function rowTexts(): readonly string[] {
  return [...document.querySelectorAll('[role="row"][aria-selected]')].map((row) => row.textContent ?? '');
}

function opened(answer: LogAnswer): { readonly core: ScriptedCore; readonly app: App } {
  const core = new ScriptedCore({}, { on: logQuestions(answer) });
  const app = mountWindow(core, cleanup);
  app.session.setState({ view: { kind: 'logs' } });
  return { core, app };
}

function queriesOf(core: ScriptedCore): readonly string[] {
  return core.calls
    .filter(({ command }) => command === 'logs.query')
    .map(({ input }) => (input as { query: string }).query);
}

const now = Date.now();

describe('the logs view', () => {
  it('asks for every service by itself and shows lines oldest first, the newest under the cursor', async () => {
    const { core } = opened(logAnswer(nightLines(now, 14)));
    await vi.waitFor(() => expect(rowTexts()).toHaveLength(14));
    expect(queriesOf(core)).toContain('{service=~".+"}');
    expect(activeRow()).toContain('cache hit for incidents:list');
    expect(rowTexts()[0]).toContain('GET /api/v1/incidents 200');
    await userEvent.keyboard('gg');
    await vi.waitFor(() => expect(activeRow()).toContain('GET /api/v1/incidents 200'));
  });

  it('jumps to errors and says when there is none further', async () => {
    opened(logAnswer(nightLines(now, 7)));
    await vi.waitFor(() => expect(rowTexts()).toHaveLength(7));
    await userEvent.keyboard('E');
    await vi.waitFor(() => expect(activeRow()).toContain('POST /api/v1/incidents 500'));
    await userEvent.keyboard('E');
    await vi.waitFor(() => expect(activeRow()).toContain('QueuePool'));
    await userEvent.keyboard('E');
    await expect.element(page.getByText(/No error above/)).toBeVisible();
    expect(activeRow()).toContain('QueuePool');
  });

  it('unfolds a line to its fields and narrows the query to one of them', async () => {
    const { core, app } = opened(logAnswer(nightLines(now, 7)));
    await vi.waitFor(() => expect(rowTexts()).toHaveLength(7));
    await userEvent.keyboard('EE{Enter}');
    await expect.element(page.getByText('context.request_id')).toBeVisible();
    const fields = page.getByLabelText('Fields of the line');
    expect(fields.element().textContent).toContain('metadata.loggerapp.db.pool');
    await userEvent.keyboard('lllf');
    await vi.waitFor(() => expect(queriesOf(core)).toContain('{service=~".+"} | json | category="database"'));
    await vi.waitFor(() => expect(activeRow()).toContain('QueuePool'));
    await userEvent.keyboard('t');
    expect(app.session.getState().view).toMatchObject({ kind: 'trace', traceId });
  });

  it('hides a level by its key, in the lines and not in the counts', async () => {
    opened(logAnswer(nightLines(now, 14)));
    await vi.waitFor(() => expect(rowTexts()).toHaveLength(14));
    await userEvent.keyboard('4');
    await vi.waitFor(() => expect(rowTexts()).toHaveLength(10));
    const info = page.getByRole('button', { name: /info\s*4/ });
    await expect.element(info).toHaveAttribute('aria-pressed', 'false');
    await userEvent.keyboard('0');
    await vi.waitFor(() => expect(rowTexts()).toHaveLength(14));
  });

  it('finds a text in what is loaded and underlines it', async () => {
    opened(logAnswer(nightLines(now, 14)));
    await vi.waitFor(() => expect(rowTexts()).toHaveLength(14));
    await userEvent.keyboard('/');
    await userEvent.keyboard('superuser{Enter}');
    await vi.waitFor(() => expect(activeRow()).toContain('SUPERUSER'));
    expect([...document.querySelectorAll('mark')].map((mark) => mark.textContent)).toContain('SUPERUSER');
    await userEvent.keyboard('N');
    await vi.waitFor(() => expect(rowTexts().findIndex((text) => text === activeRow())).toBe(5));
    await userEvent.keyboard('{Escape}');
    await vi.waitFor(() => expect(document.querySelectorAll('mark')).toHaveLength(0));
    await expect.element(page.getByRole('heading', { level: 1, name: 'Logs' })).toBeVisible();
  });

  it('shows the lines around one line and comes back to it', async () => {
    opened(logAnswer(nightLines(now, 14)));
    await vi.waitFor(() => expect(rowTexts()).toHaveLength(14));
    await userEvent.keyboard('Ec');
    await expect.element(page.getByText(/Lines around/)).toBeVisible();
    await vi.waitFor(() => expect(rowTexts()).toHaveLength(5));
    expect(activeRow()).toContain('POST /api/v1/incidents 500');
    await userEvent.keyboard('{Escape}');
    await vi.waitFor(() => expect(rowTexts()).toHaveLength(14));
    expect(activeRow()).toContain('POST /api/v1/incidents 500');
  });

  it('keeps what it shows until the lines around one are there', async () => {
    const answer = logAnswer(nightLines(now, 14));
    const core = new ScriptedCore({}, { on: logQuestions(answer), hold: new Set(['logs.context']) });
    const app = mountWindow(core, cleanup);
    app.session.setState({ view: { kind: 'logs' } });
    await vi.waitFor(() => expect(rowTexts()).toHaveLength(14));
    await userEvent.keyboard('Ec');
    await expect.element(page.getByText(/These are the lines of before/)).toBeVisible();
    expect(rowTexts()).toHaveLength(14);
    expect(activeRow()).toContain('POST /api/v1/incidents 500');
    await expect.element(page.getByText(/asking, \d+ s/)).toBeVisible();
  });

  it('names no levels where no line is loaded', async () => {
    opened(logAnswer([]));
    await expect.element(page.getByText(/No line in this range matches/)).toBeVisible();
    expect(page.getByRole('heading', { name: 'level' }).query()).toBeNull();
  });

  it('gives the names of fields the room that they need', async () => {
    opened(logAnswer(nightLines(now, 7)));
    await vi.waitFor(() => expect(rowTexts()).toHaveLength(7));
    await userEvent.keyboard('EE{Enter}');
    const name = page.getByText('metadata.duration_ms');
    await expect.element(name).toBeVisible();
    expect(name.element().scrollWidth).toBeLessThanOrEqual(name.element().clientWidth);
  });

  it('follows a tail, holds while one reads, and follows again', async () => {
    const { core } = opened(logAnswer(nightLines(now, 7)));
    await vi.waitFor(() => expect(rowTexts()).toHaveLength(7));
    const first = [logLine({ atMs: now + 1_000, text: 'first of the tail' })];
    core.update({ tails: new Map([['tail-1', logTail({ lines: first })]]) });
    await userEvent.keyboard('T');
    await vi.waitFor(() => expect(activeRow()).toContain('first of the tail'));
    expect(rowTexts()).toHaveLength(8);
    await userEvent.keyboard('k');
    await expect.element(page.getByText(/View held at/)).toBeVisible();
    const held = activeRow();
    const more = [
      ...first,
      logLine({ atMs: now + 2_000, text: 'second' }),
      logLine({ atMs: now + 3_000, text: 'third' }),
    ];
    core.update({ tails: new Map([['tail-1', logTail({ lines: more })]]) });
    await expect.element(page.getByText(/2 newer lines wait below/)).toBeVisible();
    expect(rowTexts()).toHaveLength(8);
    expect(activeRow()).toBe(held);
    await userEvent.keyboard('G');
    await vi.waitFor(() => expect(activeRow()).toContain('third'));
    expect(rowTexts()).toHaveLength(10);
    const foot = page.getByLabelText('Live tail');
    const isHatched = (): boolean => getComputedStyle(foot.element()).backgroundImage.includes('gradient');
    expect(isHatched()).toBe(false);
    core.update({ tails: new Map([['tail-1', logTail({ lines: more, state: 'waiting' })]]) });
    await expect.element(foot.getByText('Tail is lost and tried again')).toBeVisible();
    expect(isHatched()).toBe(true);
    core.update({ tails: new Map([['tail-1', logTail({ lines: more })]]) });
    await vi.waitFor(() => expect(isHatched()).toBe(false));
    await userEvent.keyboard('T');
    await expect.element(page.getByLabelText('Live tail')).not.toBeInTheDocument();
    expect(rowTexts()).toHaveLength(10);
  });

  it('shows a hostile line as text, with what would act on the screen written out', async () => {
    const text = '<img src=x onerror=alert(1)>\u202Egpj\u0007';
    opened(logAnswer([logLine({ atMs: now, text, metadata: { __proto__x: '<b>' } })]));
    await vi.waitFor(() => expect(activeRow()).toContain('<img src=x onerror=alert(1)>\\u{202E}gpj\\u{7}'));
    expect(document.querySelector('img')).toBeNull();
    await userEvent.keyboard('{Enter}');
    await expect.element(page.getByText('__proto__x')).toBeVisible();
  });

  it('bounds the fields of a line and says how many it leaves out', async () => {
    const metadata = Object.fromEntries(Array.from({ length: 10_000 }, (_none, at) => [`key${at}`, 'v']));
    opened(logAnswer([logLine({ atMs: now, metadata, text: 'x'.repeat(100_000), cutFrom: 250_000 })]));
    await vi.waitFor(() => expect(rowTexts()).toHaveLength(1));
    expect(rowTexts()[0]?.length).toBeLessThan(2_100);
    await userEvent.keyboard('{Enter}');
    await expect.element(page.getByText('9803 more fields are not shown.')).toBeInTheDocument();
    await expect.element(page.getByText('Shown: the first 20000 of 250000 characters.')).toBeInTheDocument();
  });

  it('holds a hundred thousand lines in a document of a screenful', async () => {
    opened(logAnswer(nightLines(now, 100_000)));
    await vi.waitFor(() => expect(activeRow()).not.toBe(''), 10_000);
    expect(document.querySelectorAll('[role="row"]').length).toBeLessThan(120);
    const before = performance.now();
    await userEvent.keyboard('ggG');
    await vi.waitFor(() => expect(rowTexts()).toContain(activeRow()));
    expect(performance.now() - before).toBeLessThan(3_000);
  });

  it('says how old kept lines are and why, hatched', async () => {
    const origin = {
      kind: 'cache',
      source: 'loki',
      atMs: now - 252_000,
      reason: 'Loki refused the connection',
    } as const;
    opened(
      logAnswer(nightLines(now, 7), { origin, coverage: [{ fromMs: now - 900_000, toMs: now - 200_000 }] }),
    );
    await expect.element(page.getByText(/cached 4m/)).toBeVisible();
    await expect.element(page.getByText('Loki refused the connection')).toBeVisible();
    expect(rowTexts()).toHaveLength(7);
  });

  it('says unknown, not empty, outside of what is kept', async () => {
    opened(
      logAnswer([], { origin: { kind: 'unknown', reason: 'Loki does not answer and nothing is kept.' } }),
    );
    await expect.element(page.getByText(/Unknown: outside coverage\. Loki does not answer/)).toBeVisible();
    expect(document.body.textContent).not.toContain('No line in this range');
  });

  it('says that nothing matches where the source answered so', async () => {
    opened(logAnswer([]));
    await expect.element(page.getByText(/No line in this range matches/)).toBeVisible();
  });

  it('does not say that nothing matches a query that was refused', async () => {
    const { core } = opened(logAnswer([]));
    await expect.element(page.getByText(/No line in this range matches/)).toBeVisible();
    const failure = commandFailure('invalid-input', 'refused', 'Write it again.');
    core.answer({ on: { ...logQuestions(logAnswer([])), 'logs.query': () => failed(failure) } });
    await userEvent.keyboard('L{Enter}');
    await expect.element(page.getByRole('alert')).toBeVisible();
    expect(document.body.textContent).not.toContain('No line in this range');
  });

  it('shows a wrong query’s failure in place and keeps the lines that are there', async () => {
    const { core } = opened(logAnswer(nightLines(now, 7)));
    await vi.waitFor(() => expect(rowTexts()).toHaveLength(7));
    const failure = commandFailure('invalid-input', 'parse error at line 1, col 3', 'Write the query again.');
    core.answer({ on: { ...logQuestions(logAnswer([])), 'logs.query': () => failed(failure) } });
    await userEvent.keyboard('L');
    await userEvent.keyboard('{{a{Enter}');
    await expect.element(page.getByRole('alert')).toBeVisible();
    const said = page.getByRole('alert').element().textContent;
    expect(said).toContain('parse error at line 1, col 3');
    expect(said).toContain('Write the query again');
    expect(rowTexts()).toHaveLength(7);
  });

  it('repairs a query that was refused with one key, and underlines where it is wrong', async () => {
    const { core } = opened(logAnswer(nightLines(now, 7)));
    await vi.waitFor(() => expect(rowTexts()).toHaveLength(7));
    const said = 'parse error at line 1, col 24: syntax error: unexpected IDENTIFIER';
    const source = { message: said, nextStep: 'Correct it.', retryAfterMs: null, status: 400 } as const;
    const repair = { kind: 'place', line: 1, column: 24 } as const;
    const failure = {
      ...commandFailure('source-failed', `loki: ${said}`, 'Correct it.'),
      source: { ...source, code: 'bad-query', repair } as const,
    };
    const answers = logQuestions(logAnswer(nightLines(now, 3)));
    const isRight = (query: string): boolean => query.endsWith('"QueuePool"');
    core.answer({
      on: {
        ...answers,
        'logs.query': ({ query }) =>
          isRight(query) ? success({ ...logAnswer(nightLines(now, 3)), query }) : failed(failure),
      },
    });
    await userEvent.keyboard('L');
    await userEvent.keyboard('{{service="backend"} |= QueuePool{Enter}');
    const repairing = page.getByRole('button', { name: 'Ask instead' });
    await expect.element(repairing).toBeVisible();
    await expect.element(page.getByText('{service="backend"} |= "QueuePool"')).toBeVisible();
    const input = page.getByRole('combobox', { name: 'LogQL query' });
    await expect.element(input).toHaveAttribute('aria-invalid', 'true');
    const described = input.element().getAttribute('aria-describedby') ?? '';
    expect(document.getElementById(described)?.textContent).toContain('col 24');
    expect(document.querySelector('u')?.textContent).toBe('QueuePool');
    await userEvent.keyboard('x');
    await vi.waitFor(() => expect(queriesOf(core).at(-1)).toBe('{service="backend"} |= "QueuePool"'));
    await vi.waitFor(() => expect(rowTexts()).toHaveLength(3));
    await expect.element(repairing).not.toBeInTheDocument();
    await expect.element(input).toHaveAttribute('aria-invalid', 'false');
  });

  it('shortens a range that is too long, and leads to what cannot be mended', async () => {
    const { core, app } = opened(logAnswer(nightLines(now, 7)));
    await vi.waitFor(() => expect(rowTexts()).toHaveLength(7));
    const source = { code: 'too-large', message: 'too long', nextStep: 'Less.', retryAfterMs: null } as const;
    const failure = {
      ...commandFailure('source-failed', 'too long', 'Less.'),
      source: { ...source, status: 400, repair: { kind: 'range', mostMs: 600_000 } } as const,
    };
    core.answer({ on: { ...logQuestions(logAnswer([])), 'logs.query': () => failed(failure) } });
    await userEvent.keyboard('L{Enter}');
    await expect.element(page.getByRole('button', { name: /Shorten the range to 10m/ })).toBeVisible();
    await userEvent.keyboard('x');
    expect(app.session.getState().timeChoice).toEqual({ kind: 'last', spanMs: 600_000 });
    core.answer({
      on: {
        ...logQuestions(logAnswer([])),
        'logs.query': () => failed(commandFailure('invalid-input', 'not LogQL', 'Correct the query.')),
      },
    });
    await userEvent.keyboard('L');
    await userEvent.keyboard('{{a="b"} | json | | c{Enter}');
    const going = page.getByRole('button', { name: /Go to column/ });
    await expect.element(going).toBeVisible();
    await userEvent.keyboard('x');
    const input = document.activeElement as HTMLInputElement;
    expect(input.id).toBe('logs-query');
    expect(input.selectionStart).toBe(17);
  });

  it('says how much a query would touch while it is written, and completes from the range in force', async () => {
    const { core, app } = opened(logAnswer(nightLines(now, 7)));
    await expect.element(page.getByText('14 streams, 1.2 GB')).toBeVisible();
    await userEvent.keyboard('L');
    await userEvent.keyboard('{{serv');
    await expect.element(page.getByRole('option', { name: /service/ })).toBeVisible();
    const rangesOf = (): readonly number[] =>
      core.calls
        .filter(({ command }) => command === 'logs.labels')
        .map(({ input }) => input as { fromMs: number; toMs: number })
        .map(({ fromMs, toMs }) => toMs - fromMs);
    expect(rangesOf().at(-1)).toBe(3_600_000);
    app.session.setState({ timeChoice: { kind: 'last', spanMs: 900_000 } });
    await vi.waitFor(() => expect(rangesOf().at(-1)).toBe(900_000));
  });

  it('shows the patterns of the lines, by keys alone, and asks for one of them', async () => {
    const { core } = opened(logAnswer(nightLines(now, 7)));
    await vi.waitFor(() => expect(rowTexts()).toHaveLength(7));
    await userEvent.keyboard('P');
    await expect.element(page.getByRole('grid', { name: 'Patterns' })).toBeVisible();
    await vi.waitFor(() => expect(activeRow()).toContain('3.9kGET <_> 200'));
    expect(page.getByRole('img', { name: /61 lines from/ }).elements()).toHaveLength(1);
    await userEvent.keyboard('jjjjjk');
    await vi.waitFor(() => expect(activeRow()).toContain('QueuePool limit'));
    await userEvent.keyboard('f');
    const only =
      '{service=~".+"} |~ "QueuePool limit of size .+ overflow .+ reached, connection timed out, timeout "';
    await vi.waitFor(() => expect(queriesOf(core).at(-1)).toBe(only));
    await expect.element(page.getByRole('grid', { name: 'Log lines' })).toBeVisible();
    await userEvent.keyboard('P');
    await vi.waitFor(() => expect(activeRow()).toContain('3.9kGET <_> 200'));
    await userEvent.keyboard('F');
    await vi.waitFor(() => expect(queriesOf(core).at(-1)).toContain(' !~ "GET .+ 200 in .+ ms user="'));
  });

  it('shows the fields of the lines and asks for those that have one; Escape leads back', async () => {
    const { core } = opened(logAnswer(nightLines(now, 7)));
    await vi.waitFor(() => expect(rowTexts()).toHaveLength(7));
    await userEvent.keyboard('D');
    await vi.waitFor(() => expect(activeRow()).toContain('categorystring6json'));
    await userEvent.keyboard('{Escape}');
    await vi.waitFor(() => expect(rowTexts()).toHaveLength(7));
    await userEvent.keyboard('DG{Enter}');
    await vi.waitFor(() => expect(queriesOf(core).at(-1)).toBe('{service=~".+"} | trace_id!=""'));
  });

  it('says why there are no patterns: unknown, none, or not yet', async () => {
    const { core, app } = opened(logAnswer(nightLines(now, 7)));
    await vi.waitFor(() => expect(rowTexts()).toHaveLength(7));
    const answers = logQuestions(logAnswer(nightLines(now, 7)));
    const reason = 'loki: This Loki does not offer patterns.';
    const unknown = success({ origin: { kind: 'unknown' as const, reason }, patterns: [] });
    core.answer({ on: { ...answers, 'logs.patterns': () => unknown } });
    await userEvent.keyboard('P');
    await expect
      .element(page.getByText(/Unknown: outside coverage\. loki: This Loki does not/))
      .toBeVisible();
    const none = success({ origin: { kind: 'live' as const, source: 'loki', atMs: now }, patterns: [] });
    core.answer({ on: { ...answers, 'logs.patterns': () => none } });
    app.session.setState({ timeChoice: { kind: 'last', spanMs: 900_000 } });
    await expect.element(page.getByText(/has found no pattern in this range/)).toBeVisible();
    core.answer({ hold: new Set(['logs.patterns']) });
    await userEvent.keyboard('PP');
    await expect.element(page.getByText('Asking for the patterns.')).toBeVisible();
  });

  it('completes a query by keys alone', async () => {
    const { core } = opened(logAnswer(nightLines(now, 7)));
    await vi.waitFor(() => expect(rowTexts()).toHaveLength(7));
    await userEvent.keyboard('L');
    await userEvent.keyboard('{{serv');
    await expect.element(page.getByRole('option', { name: /service/ })).toBeVisible();
    await userEvent.keyboard('{Tab}');
    await userEvent.keyboard('{ArrowDown}{Enter}');
    await expect.element(page.getByRole('option', { name: /frontend/ })).toBeVisible();
    await userEvent.keyboard('post{Tab}');
    const input = page.getByRole('combobox', { name: 'LogQL query' });
    await expect.element(input).toHaveValue('{service="postgres"');
    await userEvent.keyboard('}{Enter}');
    await vi.waitFor(() => expect(queriesOf(core)).toContain('{service="postgres"}'));
    expect(document.activeElement?.getAttribute('role')).toBe('grid');
  });
});
