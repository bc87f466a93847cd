import type { CompiledFilter } from '#shared/filter/compile.ts';
import type { FilterFault } from '#shared/filter/model.ts';
import type { IncidentAlerts } from '#shared/model/alert-facts.ts';
import type { IncidentSigns } from '#shared/model/incident-signs.ts';
import type { IncidentRow } from '#shared/model/incident.ts';
import type { App } from '../../app.ts';
import type { Arrangement } from '../../stores/arrangement.ts';
import type { LiveState } from '../../stores/live.ts';
import type { SessionState } from '../../stores/session.ts';
import { sightOf, type ScreenSight } from '../../stores/sight.ts';
import { arrangementInForce } from './arrangement-in-force.ts';
import { filterTimeMs, readFilter, readWritten } from './filter.ts';
import { isPlace, type InboxItem } from './inbox-items.ts';
import { layoutOf, type LayoutInput } from './inbox-layout.ts';
import { InboxLedger } from './inbox-ledger.ts';
import { viewsOf } from './saved-views.ts';
import { sameCounts, ViewCounts, type ViewCount } from './view-counts.ts';

/** What the inbox shows, from what is live and what the window does; the view and the keys share it. */

export interface InboxModel {
  readonly ledger: InboxLedger;
  readonly items: readonly InboxItem[];
  /** What is wrong with the filter; then everything is shown. */
  readonly fault: FilterFault | null;
  /** The filter waits for RE2, and everything is shown meanwhile. */
  readonly isWaiting: boolean;
  /** Of all that are open, whatever the filter leaves. */
  readonly needsYou: number;
  readonly open: number;
  /** Incidents that are listed. */
  readonly shown: number;
  /** What each saved view counts. */
  readonly viewCounts: readonly ViewCount[];
}

/** Of one window; everything in it can be computed anew. */
interface Memory {
  readonly ledger: InboxLedger;
  readonly viewCounts: ViewCounts;
  layout: LayoutInput | undefined;
  model: InboxModel | undefined;
}

type Windows = Pick<App, 'live' | 'session' | 'preferences'>;
const memories = new WeakMap<App['live'], Memory>();
const noAlerts: readonly IncidentAlerts[] = [];
const noSigns: readonly IncidentSigns[] = [];
const noIncidents: readonly IncidentRow[] = [];

export type InboxLive = Pick<LiveState, 'incidents' | 'alerts' | 'signs' | 'views'>;
export type InboxSession = Pick<
  SessionState,
  'filter' | 'filterIsWritten' | 'patternCompiler' | 'pending' | 'inboxFolded' | 'inboxExpanded'
>;

/** @param nowMs the window's clock. */
export function inboxModel(
  app: Windows,
  sight: Pick<ScreenSight, 'kind' | 'lastSeenAtMs'>,
  nowMs: number,
): InboxModel {
  const live: InboxLive = app.live.getState();
  const session: InboxSession = app.session.getState();
  const memory = memoryOf(app);
  const isBlind = sight.kind === 'blind';
  const arrangement = arrangementInForce(app);
  const didChange = memory.ledger.update({
    incidents: live.incidents ?? noIncidents,
    alerts: live.alerts ?? noAlerts,
    signs: live.signs ?? noSigns,
    pending: session.pending,
    arrangement,
    isBlind,
    nowMs: filterTimeMs(nowMs),
  });
  const counted = memory.viewCounts.update(
    memory.ledger,
    viewsOf(app),
    session.patternCompiler,
    filterTimeMs(nowMs),
  );
  const before = memory.model;
  const viewCounts =
    before !== undefined && sameCounts(before.viewCounts, counted) ? before.viewCounts : counted;
  const text = session.filter.trim();
  const read = (session.filterIsWritten ? readWritten : readFilter)(text, session.patternCompiler);
  const fault = read.kind === 'wrong' ? read.fault : null;
  const words = { fault, isWaiting: read.kind === 'waiting', viewCounts };
  const filter = read.kind === 'ready' && text !== '' ? read.filter : null;
  const layout = layoutInput(filter, arrangement, session, sight, nowMs);
  if (before !== undefined && !didChange && isSame(memory.layout, layout)) {
    return isSame(before, words) ? before : (memory.model = { ...before, ...words });
  }
  memory.layout = layout;
  const items = layoutOf(memory.ledger, layout);
  const { open, asks } = memory.ledger.counts();
  const needsYou = asks.critical + asks.warning + asks.info;
  const shown = items.reduce((count, item) => (item.kind === 'row' ? count + 1 : count), 0);
  const { ledger } = memory;
  return (memory.model = { ledger, items, needsYou, open, shown, ...words });
}

/** As the window is now: for keys, which act on what is shown. */
export function currentInbox(app: Windows & Pick<App, 'ticker'>): InboxModel {
  const nowMs = app.ticker.read();
  return inboxModel(app, sightOf(app.live.getState(), nowMs), nowMs);
}

function memoryOf({ live }: Windows): Memory {
  let memory = memories.get(live);
  if (memory === undefined) {
    memory = { ledger: new InboxLedger(), viewCounts: new ViewCounts(), layout: undefined, model: undefined };
    memories.set(live, memory);
  }
  return memory;
}

function layoutInput(
  filter: CompiledFilter | null,
  arrangement: Arrangement,
  session: InboxSession,
  sight: Pick<ScreenSight, 'kind' | 'lastSeenAtMs'>,
  nowMs: number,
): LayoutInput {
  const isBlind = sight.kind === 'blind';
  return {
    arrangement,
    filter,
    // What does not go by the time must not be laid out anew because time passes.
    nowMs: filter?.usesAge === true ? filterTimeMs(nowMs) : 0,
    isBlind,
    lastSeenAtMs: isBlind ? sight.lastSeenAtMs : null,
    folded: session.inboxFolded,
    expanded: session.inboxExpanded,
  };
}

/** Whether everything that `right` says is the same in `left`. */
function isSame(left: object | undefined, right: object): boolean {
  if (left === undefined) return false;
  return Object.entries(right).every(([key, value]) => Reflect.get(left, key) === value);
}

/** What the cursor stands on. */
export interface InboxCursor {
  /** Index into the items; -1 where there is none. */
  readonly index: number;
  readonly item: InboxItem | undefined;
  /** The incident, where it stands on one. */
  readonly row: IncidentRow | undefined;
}

let lastItems: readonly InboxItem[] = [];
let lastKey = '';
let lastCursor: InboxCursor = { index: -1, item: undefined, row: undefined };

/** The place chosen, else the first. Remembered: each key asks it for every command that it might mean. */
export function cursorIn(
  { items }: Pick<InboxModel, 'items'>,
  { inboxCursor, inboxHead }: Pick<SessionState, 'inboxCursor' | 'inboxHead'>,
): InboxCursor {
  const key = inboxHead ?? (inboxCursor === null ? '' : String(inboxCursor));
  if (items === lastItems && key === lastKey) return lastCursor;
  let index = items.findIndex((item) => item.key === key && isPlace(item));
  if (index === -1) index = items.findIndex(isPlace);
  const item = items[index];
  lastItems = items;
  lastKey = key;
  lastCursor = { index, item, row: item?.kind === 'row' ? item.row : undefined };
  return lastCursor;
}

/** Moves the cursor by so many places, or to an end with an infinite step. */
export function moveInboxCursor(
  app: Pick<App, 'session'>,
  model: InboxModel,
  step: number,
  canStand: (item: InboxItem) => boolean = isPlace,
): InboxItem | undefined {
  const { items } = model;
  const from = cursorIn(model, app.session.getState()).index;
  const by = step < 0 ? -1 : 1;
  let index = Number.isFinite(step) ? from : by < 0 ? -1 : items.length;
  let left = Number.isFinite(step) ? Math.abs(step) : 1;
  const towards = Number.isFinite(step) ? by : -by;
  let found: InboxItem | undefined;
  for (index += towards; left > 0 && index >= 0 && index < items.length; index += towards) {
    const item = items[index];
    if (item === undefined || !canStand(item)) continue;
    found = item;
    left -= 1;
  }
  if (found !== undefined) putInboxCursor(app, found);
  return found ?? items[from];
}

export function putInboxCursor({ session }: Pick<App, 'session'>, item: InboxItem): void {
  if (item.kind === 'row') session.setState({ inboxCursor: item.row.id, inboxHead: null });
  else session.setState({ inboxHead: item.key });
}
