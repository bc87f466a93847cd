import { millisecondsOf } from '#shared/model/log.ts';
import { nanosecondsAfter } from '#shared/model/trace.ts';
import { drop } from '#shared/result.ts';
import { minuteMs } from '#shared/time.ts';
import { openLogs, openOverview, openTrace } from '../../actions/across.ts';
import type { CommandAction, ViewCursor } from '../../actions/command-action.ts';
import { tell } from '../../actions/toasts.ts';
import { follow } from '../../actions/view.ts';
import type { App } from '../../app.ts';
import type { tracesCommands } from '../../keys/commands/traces.ts';
import { incidentOf, rangeOf } from '../../parts/time-range.ts';
import {
  lookAt,
  nextError,
  nextFound,
  panned,
  placeOf,
  ranged,
  revealed,
  withAllFolds,
  withFold,
  withLevel,
  withRows,
  zoomed,
} from '../../stores/trace-look.ts';
import type { ShownTrace, TraceLook } from '../../stores/traces.ts';
import type { TraceOutline } from '#shared/model/trace.ts';
import { fileInputId } from './open-file.ts';
import { chooseNextSource, hasSourceChoice } from './trace-sources.ts';
import { listedTraces, traceUnderCursor } from './traces-list.ts';

export const searchInputId = 'trace-search-service';
export const findInputId = 'trace-find';
export const waterfallId = 'trace-waterfall';
/** Heights within the waterfall, in CSS pixels. */
export const rowPx = 28;
export const headPx = 24;

type Change = (outline: TraceOutline, look: TraceLook) => TraceLook;

/** Changes how the open trace is looked at. */
export function changeLook(app: App, change: Change): void {
  const { trace } = app.traces.getState();
  if (trace?.outline === undefined || trace.outline === null) return;
  const look = change(trace.outline, trace.look);
  if (look === trace.look) return;
  app.traces.setState({ trace: { ...trace, look } });
  if (look.cursor === trace.look.cursor) return;
  const offsetNs = trace.outline.offsetNs[look.cursor] ?? 0;
  app.session.setState({ timeCursorMs: millisecondsOf(nanosecondsAfter(trace.outline.startNs, offsetNs)) });
}

function looking(change: Change): CommandAction {
  return { run: (app) => changeLook(app, change) };
}

function onSpan(act: (app: App, trace: ShownTrace, outline: TraceOutline) => void): CommandAction {
  return {
    run: (app) => {
      const { trace } = app.traces.getState();
      if (trace !== null && trace.outline !== null) act(app, trace, trace.outline);
    },
  };
}

/** What the commands of this view do. */
export const tracesActions: Readonly<Record<keyof typeof tracesCommands, CommandAction>> = {
  'traces.search': {
    run: (app) => {
      app.traces.setState({ shows: 'search' });
      onceDrawn(searchInputId, (input) => {
        input.focus();
        if (input instanceof HTMLInputElement) input.select();
      });
    },
  },
  'traces.sort': {
    run: ({ traces }) =>
      traces.setState({ sort: traces.getState().sort === 'newest' ? 'longest' : 'newest' }),
  },
  'traces.dependencies': {
    run: ({ traces }) =>
      traces.setState({ shows: traces.getState().shows === 'dependencies' ? 'search' : 'dependencies' }),
  },
  'traces.open-file': {
    run: (app) => {
      if (app.session.getState().view.kind !== 'traces') follow(app, { kind: 'traces' });
      onceDrawn(fileInputId, (input) => input.click());
    },
  },
  'traces.source': { run: chooseNextSource, available: hasSourceChoice },

  'trace.first': { run: (app) => traceCursor.move(app, Number.NEGATIVE_INFINITY) },
  'trace.last': { run: (app) => traceCursor.move(app, Number.POSITIVE_INFINITY) },
  'trace.down': { run: (app) => traceCursor.move(app, 1) },
  'trace.up': { run: (app) => traceCursor.move(app, -1) },
  'trace.page-down': { run: (app) => traceCursor.move(app, rowsInSight()) },
  'trace.page-up': { run: (app) => traceCursor.move(app, -rowsInSight()) },
  'trace.fold': looking(foldOrRise),
  'trace.unfold': looking(unfoldOrDescend),
  'trace.fold-all': looking((outline, look) => withAllFolds(outline, look, true)),
  'trace.unfold-all': looking((outline, look) => withAllFolds(outline, look, false)),
  'trace.fold-level': looking((outline, look) => withLevel(outline, look, -1)),
  'trace.unfold-level': looking((outline, look) => withLevel(outline, look, 1)),
  'trace.next': { run: (app) => jump(app, 1) },
  'trace.previous': { run: (app) => jump(app, -1) },
  'trace.path': looking((outline, look) => withRows(outline, look, { onlyPath: !look.onlyPath })),
  'trace.find': { run: () => document.getElementById(findInputId)?.focus() },
  'trace.zoom-in': looking((outline, look) => zoomed(outline, look, 0.5)),
  'trace.zoom-out': looking((outline, look) => zoomed(outline, look, 2)),
  'trace.zoom-all': looking((outline, look) => ranged(outline, look, 0, lookAt(outline).toNs)),
  'trace.pan-earlier': looking((outline, look) => panned(outline, look, -0.25)),
  'trace.pan-later': looking((outline, look) => panned(outline, look, 0.25)),
  'trace.detail': looking((_outline, look) => ({ ...look, detailToggled: !look.detailToggled })),
  'trace.logs': onSpan((app, trace, outline) => {
    const { cursor } = trace.look;
    const startNs = nanosecondsAfter(outline.startNs, outline.offsetNs[cursor] ?? 0);
    showTimeAround(app, millisecondsOf(startNs));
    openLogs(app, logQueryOf(serviceAt(outline, cursor), trace.traceId), startNs);
  }),
  'trace.metrics': onSpan((app, { look }, outline) => openOverview(app, serviceAt(outline, look.cursor))),
  'trace.copy-id': onSpan((app, { traceId }) =>
    drop(copy(app, traceId), 'tells whether the clipboard took it'),
  ),
};

/** A view that has just been chosen may take several frames to be drawn; one that never is is not waited for. */
const mostFramesToDraw = 120;

/** Does something with an element of the view: at once where it is there, else once it is drawn. */
function onceDrawn(id: string, act: (element: HTMLElement) => void, framesLeft = mostFramesToDraw): void {
  const element = document.getElementById(id);
  if (element !== null) act(element);
  else if (framesLeft > 0) requestAnimationFrame(() => onceDrawn(id, act, framesLeft - 1));
}

const aroundMs = 15 * minuteMs;

/** Moves the one time range around a moment that lies outside of it: its logs would not be found. */
function showTimeAround({ session, live }: App, atMs: number): void {
  const { timeChoice } = session.getState();
  const { fromMs, toMs } = rangeOf(timeChoice, incidentOf(live.getState(), timeChoice), Date.now());
  if (atMs >= fromMs && atMs < toMs) return;
  session.setState({ timeChoice: { kind: 'fixed', fromMs: atMs - aroundMs, toMs: atMs + aroundMs } });
}

function serviceAt(outline: TraceOutline, row: number): string {
  return outline.services[outline.serviceOf[row] ?? -1] ?? '';
}

/** Lines of a service that name a trace. The names come from servers: both are quoted. */
export function logQueryOf(service: string, traceId: string): string {
  const selector = service === '' ? '{service=~".+"}' : `{service=${JSON.stringify(service.slice(0, 500))}}`;
  return `${selector} |= ${JSON.stringify(traceId)}`;
}

/** Folds the row; one that is folded or has nothing below leads to its parent. */
function foldOrRise(outline: TraceOutline, look: TraceLook): TraceLook {
  const { cursor, folds } = look;
  if ((outline.descendants[cursor] ?? 0) > 0 && folds[cursor] === 0) {
    return withFold(outline, look, cursor, true);
  }
  const parent = outline.parents[cursor] ?? -1;
  return parent < 0 ? look : revealed(outline, look, parent);
}

function unfoldOrDescend(outline: TraceOutline, look: TraceLook): TraceLook {
  const { cursor, folds, rows } = look;
  if (folds[cursor] === 1) return withFold(outline, look, cursor, false);
  const below = rows[placeOf(rows, cursor) + 1];
  if (below === undefined || below > cursor + (outline.descendants[cursor] ?? 0)) return look;
  return { ...look, cursor: below };
}

/** Less one, so that the last row of a page is the first of the next. */
function rowsInSight(): number {
  const heightPx = document.getElementById(waterfallId)?.clientHeight ?? 0;
  return Math.max(1, Math.floor((heightPx - headPx) / rowPx) - 1);
}

/** To the next match while something is looked for, else to the next error. */
function jump(app: App, direction: -1 | 1): void {
  changeLook(app, (outline, look) => {
    const row =
      look.found === null
        ? nextError(outline, look.cursor, direction)
        : nextFound(look.found, look.cursor, direction);
    return row < 0 ? look : revealed(outline, look, row);
  });
}

async function copy(app: App, traceId: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(traceId);
    tell(app, { tone: 'plain', text: `Copied ${traceId}.`, undo: null });
  } catch {
    tell(app, { tone: 'failure', text: `The browser let nothing be copied: ${traceId}`, undo: null });
  }
}

export const tracesCursor: ViewCursor = {
  move: ({ traces }, step) => {
    const listed = listedTraces(traces.getState());
    const current = traceUnderCursor(listed, traces.getState().cursor);
    const from = current === undefined ? 0 : listed.indexOf(current);
    const next = listed[Math.min(listed.length - 1, Math.max(0, from + step))];
    if (next !== undefined) traces.setState({ cursor: next.traceId });
  },
  open: (app) => {
    const state = app.traces.getState();
    const trace = traceUnderCursor(listedTraces(state), state.cursor);
    if (trace !== undefined) openListed(app, trace.traceId, trace.source);
    // Where there is nothing to open, Enter asks for it.
    else if (state.shows === 'search' && state.search.askedAtMs === null) submitSearch(app);
  },
};

/** Asks for what the form says. */
export function submitSearch({ traces }: App): void {
  traces.setState({ shows: 'search', turn: traces.getState().turn + 1 });
}

/** Opens a trace of the list: of its source, or of the file that is held. */
export function openListed(app: App, traceId: string, source: string): void {
  app.traces.setState({ cursor: traceId });
  if (app.traces.getState().shows !== 'file') openTrace(app, traceId, null, source);
  else follow(app, { kind: 'trace', traceId, source: null });
}

/** The cursor of one trace's waterfall. */
export const traceCursor: ViewCursor = {
  move: (app, step) =>
    changeLook(app, (_outline, look) => {
      const place = placeOf(look.rows, look.cursor) + step;
      const row = look.rows[Math.min(look.rows.length - 1, Math.max(0, place))];
      return row === undefined ? look : { ...look, cursor: row };
    }),
  open: () => undefined,
};
