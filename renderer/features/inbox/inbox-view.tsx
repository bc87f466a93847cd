import { useCallback, useEffect, useMemo } from 'react';
import type { FilterFault } from '#shared/filter/model.ts';
import { formatClock } from '#shared/time.ts';
import { openIncident } from '../../actions/view.ts';
import { useApp, useLive, usePreferences, useSession, useTimed } from '../../app.ts';
import { followAlerts } from '../../bridge/alert-feed.ts';
import { useSight } from '../../parts/use-sight.ts';
import { ViewHeader } from '../../parts/view-header.tsx';
import type { ScreenSight } from '../../stores/sight.ts';
import { LongRows } from '../../ui/long-rows.tsx';
import { useMedia } from '../../ui/use-media.ts';
import { ArrangeBar } from './arrange-bar.tsx';
import { EmptyInbox } from './empty-inbox.tsx';
import { FilterBar, filterNoteId } from './filter-bar.tsx';
import { filterTimeMs } from './filter.ts';
import { isPlace, type InboxItem } from './inbox-items.ts';
import { lineOf } from './inbox-lines.tsx';
import { cursorIn, inboxModel, putInboxCursor, type InboxModel } from './inbox-model.ts';
import { inboxColumns, inboxHeads } from './inbox-row.tsx';
import styles from './inbox.module.css';
import { MatchCount } from './match-count.tsx';
import { PreviewPane } from './preview-pane.tsx';
import { unfold } from './unfold.ts';
import { useFilterNeeds } from './use-filter-needs.ts';
import { ViewsBar } from './views-bar.tsx';

const inboxGridId = 'inbox-list';

/** Below this a row is of two lines, one of which has no room for columns. */
const narrowWindow = '(width < 720px)';
const narrowRow = 48;
const usualRow = 28;

/** The incidents that ask for somebody, and all others, with the one under the cursor beside them. */
export function InboxView() {
  const incidents = useLive((state) => state.incidents);
  const filter = useSession((state) => state.filter);
  const sight = useSight();
  const blind = sight.kind === 'blind';
  const model = useInbox(sight);
  const { items } = model;
  return (
    <div className={styles.view}>
      <ViewHeader title="Inbox">
        <FilterBar fault={model.fault} gridId={inboxGridId} />
        {incidents === null ? null : <Counts model={model} blind={blind} lastSeenAtMs={sight.lastSeenAtMs} />}
      </ViewHeader>
      <div>
        <ViewsBar counts={model.viewCounts} />
        <ArrangeBar />
        <FilterNote fault={model.fault} isWaiting={model.isWaiting} />
        <MatchCount shown={model.shown} isFiltered={filter.trim() !== '' && model.fault === null} />
      </div>
      <div className={items.length === 0 ? styles.whole : styles.panes}>
        <div className={styles.list}>
          {items.length === 0 ? (
            <EmptyInbox first={incidents === null} filtered={filter.trim() !== ''} sight={sight} />
          ) : (
            <InboxList model={model} blind={blind} />
          )}
        </div>
        {items.length === 0 ? null : <PreviewPane model={model} blind={blind} />}
      </div>
    </div>
  );
}

/** The model of what is live now; the same object until something of it is different. */
function useInbox(sight: ScreenSight): InboxModel {
  const app = useApp();
  useLive((state) => state.incidents);
  useLive((state) => state.alerts);
  useLive((state) => state.signs);
  const views = useLive((state) => state.views)?.views;
  const own = usePreferences((state) => state.views);
  usePreferences((state) => state.arrangements);
  useSession((state) => state.pending);
  const filter = useSession((state) => state.filter);
  useSession((state) => state.filterIsWritten);
  useSession((state) => state.patternCompiler);
  useSession((state) => state.inboxFolded);
  const expanded = useSession((state) => state.inboxExpanded);
  const filters = useMemo(
    () => [filter.trim(), ...(views ?? own).map((view) => view.filter)],
    [filter, views, own],
  );
  useFilterNeeds(filters);
  const needsAlerts = useArrangedByLabel() || expanded.size > 0;
  useEffect(() => {
    if (needsAlerts) followAlerts(app.live, app.core);
  }, [app, needsAlerts]);
  const nowMs = useTimed(filterTimeMs);
  return inboxModel(app, sight, nowMs);
}

/** Labels that not all alerts of an incident share are known of the alerts alone. */
function useArrangedByLabel(): boolean {
  return usePreferences((state) =>
    Object.values(state.arrangements).some(
      ({ lanes, groupBy }) => groupBy.length > 0 || (lanes !== '' && !lanes.startsWith('@')),
    ),
  );
}

interface InboxListProps {
  readonly model: InboxModel;
  readonly blind: boolean;
}

const keyOf = ({ key }: InboxItem): string => key;
const isHeading = (item: InboxItem): boolean => !isPlace(item);
const narrowHeight = ({ kind }: InboxItem): number => (kind === 'row' ? narrowRow : usualRow);

/** Follows the cursor by itself: a move draws two rows, and nothing around them. */
function InboxList({ model, blind }: InboxListProps) {
  const app = useApp();
  const inboxCursor = useSession((state) => state.inboxCursor);
  const inboxHead = useSession((state) => state.inboxHead);
  const isNarrow = useMedia(narrowWindow);
  const { index, item } = useMemo(
    () => cursorIn(model, { inboxCursor, inboxHead }),
    [model, inboxCursor, inboxHead],
  );
  useEffect(() => {
    // The cursor stays on its incident whatever arrives above it: a verdict must never slip to another.
    if (item !== undefined) putInboxCursor(app, item);
  }, [app, item]);
  const render = useCallback((line: InboxItem) => lineOf(line, blind), [blind]);
  const onCursor = useCallback((line: InboxItem) => putInboxCursor(app, line), [app]);
  const onOpen = useCallback(
    (line: InboxItem) => (line.kind === 'row' ? openIncident(app, line.row.id) : unfold(app, line)),
    [app],
  );
  return (
    <LongRows
      id={inboxGridId}
      label="Incidents"
      columns={inboxColumns}
      heads={useMemo(() => inboxHeads(blind), [blind])}
      items={model.items}
      keyOf={keyOf}
      isHeading={isHeading}
      render={render}
      cursor={index}
      onCursor={onCursor}
      onOpen={onOpen}
      heightOfItem={isNarrow ? narrowHeight : undefined}
    />
  );
}

interface FilterNoteProps {
  readonly fault: FilterFault | null;
  readonly isWaiting: boolean;
}

/** Why nothing is filtered although there is a filter. */
function FilterNote({ fault, isWaiting }: FilterNoteProps) {
  if (fault === null && !isWaiting) return null;
  return (
    <p id={filterNoteId} role="status" className={styles.note}>
      {fault === null ? (
        'Loading RE2, everything is shown meanwhile.'
      ) : (
        <>
          <strong>{fault.message}</strong> Everything is shown.
          {fault.accepted === '' ? null : <> Accepted: {fault.accepted}.</>}
        </>
      )}
    </p>
  );
}

interface CountsProps {
  readonly model: InboxModel;
  readonly blind: boolean;
  readonly lastSeenAtMs: number | null;
}

function Counts({ model: { needsYou, open }, blind, lastSeenAtMs }: CountsProps) {
  const seen = lastSeenAtMs === null ? '' : ` at ${formatClock(lastSeenAtMs)}`;
  const marked = useSession((state) => state.marked.size);
  return (
    <p className={styles.counts}>
      {marked === 0 ? null : <em>{marked} marked</em>}
      <strong>{needsYou}</strong>{' '}
      <span>{blind ? 'needed you' : needsYou === 1 ? 'needs you' : 'need you'}</span> of {open}
      <span> open{blind ? seen : ''}</span>
    </p>
  );
}
