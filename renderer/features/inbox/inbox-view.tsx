import { useEffect, useMemo } from 'react';
import type { IncidentRow } from '#shared/model/incident.ts';
import { openIncident } from '../../actions/view.ts';
import type { FilterFault } from '#shared/filter/model.ts';
import { useApp, useLive, usePreferences, useSession, useTimed } from '../../app.ts';
import { useSight } from '../../parts/use-sight.ts';
import { ViewHeader } from '../../parts/view-header.tsx';
import { formatClock } from '#shared/time.ts';
import { RowGrid, type GridItem } from '../../ui/row-grid.tsx';
import { EmptyInbox } from './empty-inbox.tsx';
import { FilterBar, filterNoteId } from './filter-bar.tsx';
import { filterTimeMs, readFilter } from './filter.ts';
import { countOpen, type InboxItem } from './inbox-items.ts';
import { inboxModel } from './inbox-model.ts';
import { inboxColumns, inboxHeads, InboxRowCells, SectionCells } from './inbox-row.tsx';
import styles from './inbox.module.css';
import { Preview } from './preview.tsx';
import { useFilterNeeds } from './use-filter-needs.ts';
import { ViewsBar } from './views-bar.tsx';

const inboxGridId = 'inbox-list';

/** The incidents that ask for somebody, and all others, with the one under the cursor beside them. */
export function InboxView() {
  const app = useApp();
  const incidents = useLive((state) => state.incidents);
  const alerts = useLive((state) => state.alerts);
  const pending = useSession((state) => state.pending);
  const filter = useSession((state) => state.filter);
  const filterIsWritten = useSession((state) => state.filterIsWritten);
  const patternCompiler = useSession((state) => state.patternCompiler);
  const inboxCursor = useSession((state) => state.inboxCursor);
  const sight = useSight();
  const blind = sight.kind === 'blind';
  const nowMs = useFilterTime();
  const model = useMemo(
    () =>
      inboxModel(
        { incidents, alerts },
        { pending, filter, filterIsWritten, patternCompiler, inboxCursor },
        sight,
        nowMs,
      ),
    [incidents, alerts, pending, filter, filterIsWritten, patternCompiler, inboxCursor, sight, nowMs],
  );
  const cursorId = model.cursor?.id;
  useEffect(() => {
    // The cursor stays on its incident whatever arrives above it: a verdict must never slip to another.
    if (cursorId !== undefined) app.session.setState({ inboxCursor: cursorId });
  }, [app.session, cursorId]);
  const items = useMemo(() => model.items.map((item) => gridItem(item, blind)), [model.items, blind]);
  return (
    <div className={styles.view}>
      <ViewHeader title="Inbox">
        <FilterBar fault={model.fault} gridId={inboxGridId} />
        {incidents === null ? null : (
          <Counts rows={incidents} blind={blind} lastSeenAtMs={sight.lastSeenAtMs} />
        )}
      </ViewHeader>
      <div>
        <ViewsBar nowMs={nowMs} />
        <FilterNote fault={model.fault} isWaiting={model.isWaiting} />
      </div>
      <div className={model.cursor === undefined ? styles.whole : styles.panes}>
        <div className={styles.list}>
          {items.length === 0 ? (
            <EmptyInbox first={incidents === null} filtered={filter.trim() !== ''} sight={sight} />
          ) : (
            <RowGrid
              id={inboxGridId}
              label="Incidents"
              columns={inboxColumns}
              heads={inboxHeads(blind)}
              items={items}
              cursor={model.cursor === undefined ? null : String(model.cursor.id)}
              onCursor={(key) => app.session.setState({ inboxCursor: Number(key) })}
              onOpen={(key) => openIncident(app, Number(key))}
            />
          )}
        </div>
        {model.cursor === undefined ? null : (
          <Preview key={model.cursor.id} row={model.cursor} blind={blind} />
        )}
      </div>
    </div>
  );
}

/** The time that ages are judged by; it stands still while no filter asks for one. */
function useFilterTime(): number {
  const filter = useSession((state) => state.filter);
  const compiler = useSession((state) => state.patternCompiler);
  const views = usePreferences((state) => state.views);
  const filters = [filter.trim(), ...views.map((view) => view.filter)];
  useFilterNeeds(filters);
  const usesAge = filters.some((text) => {
    const read = readFilter(text, compiler);
    return read.kind === 'ready' && read.filter.usesAge;
  });
  return useTimed((now) => (usesAge ? filterTimeMs(now) : 0));
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

function gridItem(item: InboxItem, blind: boolean): GridItem {
  return item.kind === 'section'
    ? { key: item.name, heading: true, cells: <SectionCells section={item} /> }
    : { key: String(item.row.id), heading: false, cells: <InboxRowCells row={item.row} blind={blind} /> };
}

interface CountsProps {
  readonly rows: readonly IncidentRow[];
  readonly blind: boolean;
  readonly lastSeenAtMs: number | null;
}

function Counts({ rows, blind, lastSeenAtMs }: CountsProps) {
  const { needsYou, open } = countOpen(rows, blind);
  const seen = lastSeenAtMs === null ? '' : ` at ${formatClock(lastSeenAtMs)}`;
  return (
    <p className={styles.counts}>
      <strong>{needsYou}</strong> {blind ? 'needed you' : needsYou === 1 ? 'needs you' : 'need you'} of {open}{' '}
      open{blind ? seen : ''}
    </p>
  );
}
