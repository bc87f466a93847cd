import { Search } from 'lucide-react';
import { useEffect, useMemo } from 'react';
import type { Silence } from '#shared/model/silence.ts';
import type { SourceHealth } from '#shared/model/source.ts';
import { useApp, useLive } from '../../app.ts';
import { openSilenceForm } from '../../actions/silences.ts';
import { followAlerts } from '../../bridge/alert-feed.ts';
import { followSilences } from '../../bridge/silence-feed.ts';
import { focusRows } from '../../actions/focus.ts';
import { hasAlertmanager } from '../../stores/alert-tellers.ts';
import { TextInput } from '../../parts/text-input.tsx';
import { useSight } from '../../parts/use-sight.ts';
import { ViewHeader } from '../../parts/view-header.tsx';
import { Button } from '../../ui/button.tsx';
import { classes } from '../../ui/classes.ts';
import { KeyChip } from '../../ui/key-chip.tsx';
import { RowGrid, type GridItem } from '../../ui/row-grid.tsx';
import { EntryDetail } from './entry-detail.tsx';
import { subjectOfEntry } from './outbox-words.ts';
import { columns, EntryCells, HeadingCells, headsOf, SilenceCells } from './silence-cells.tsx';
import { SilenceDetail } from './silence-detail.tsx';
import { isOpenEntry, listItems, rowsOf, rowUnderCursor, type ListItem } from './silence-list.ts';
import { filterInputId, openRow } from './silences-commands.ts';
import styles from './silences.module.css';
import { useSilences } from './use-silences.ts';

const gridId = 'silence-list';
const none: readonly never[] = [];

/** Every silence of every Alertmanager, and above them what waits to be sent. */
export function SilencesView({ isOpen }: { readonly isOpen: boolean }) {
  const app = useApp();
  const { live, core, silences: store } = app;
  useEffect(() => {
    followSilences(live, core);
    followAlerts(live, core);
  }, [live, core]);
  const known = useLive((state) => state.silences);
  const silences = known ?? none;
  const outbox = useLive((state) => state.outbox) ?? none;
  const sources = useLive((state) => state.sources) ?? none;
  const { filter, cursor: chosen, marked } = useSilences((state) => state);
  const blind = useSight().kind === 'blind';
  const items = useMemo(
    () => listItems({ silences, outbox, filter, blind }),
    [silences, outbox, filter, blind],
  );
  const stale = useMemo(() => staleSources(sources), [sources]);
  const rows = useMemo(
    () => items.map((item) => gridItem(item, { silences, marked, stale, blind })),
    [items, silences, marked, stale, blind],
  );
  const cursor = rowUnderCursor(rowsOf(items), chosen);
  const choose = (key: string): void => store.setState({ cursor: key });
  return (
    <div className={styles.view}>
      <ViewHeader title="Silences">
        <Filter />
        <About silences={silences} marked={marked} />
        <Button chord="n" onClick={() => openSilenceForm(app, { kind: 'new', incidentIds: [] })}>
          New
        </Button>
      </ViewHeader>
      <Waits blind={blind} />
      {cursor === undefined ? (
        <Empty isKnown={known !== null} sources={sources} filter={filter} />
      ) : (
        <div className={classes(styles.panes, isOpen && styles.opened)}>
          <RowGrid
            id={gridId}
            label="Silences"
            columns={columns}
            heads={headsOf(blind)}
            items={rows}
            cursor={cursor.key}
            onCursor={choose}
            onOpen={(key) => {
              choose(key);
              openRow(app);
            }}
          />
          {cursor.kind === 'silence' ? (
            <SilenceDetail silence={cursor.silence} isStale={isStale(cursor.silence, stale)} blind={blind} />
          ) : (
            <EntryDetail entry={cursor.entry} subject={subjectOfEntry(cursor.entry, silences)} />
          )}
        </div>
      )}
    </div>
  );
}

interface RowContext {
  readonly silences: readonly Silence[];
  readonly marked: ReadonlySet<string>;
  readonly stale: ReadonlySet<string>;
  readonly blind: boolean;
}

function gridItem(item: ListItem, { silences, marked, stale, blind }: RowContext): GridItem {
  const { key } = item;
  switch (item.kind) {
    case 'heading':
      return { key, heading: true, cells: <HeadingCells item={item} /> };
    case 'entry':
      return {
        key,
        heading: false,
        cells: <EntryCells entry={item.entry} subject={subjectOfEntry(item.entry, silences)} />,
      };
    case 'silence': {
      const { silence } = item;
      const state = { isMarked: marked.has(key), isStale: isStale(silence, stale), blind };
      return { key, heading: false, cells: <SilenceCells silence={silence} {...state} /> };
    }
  }
}

/** Alertmanagers of which nothing is known of now. */
function staleSources(sources: readonly SourceHealth[]): ReadonlySet<string> {
  const seen = ({ state }: SourceHealth): boolean => state === 'fresh' || state === 'late';
  return new Set(sources.flatMap((source) => (seen(source) ? [] : [source.name])));
}

function isStale({ sources }: Silence, stale: ReadonlySet<string>): boolean {
  return sources.every((name) => stale.has(name));
}

function Filter() {
  const { silences } = useApp();
  const filter = useSilences((state) => state.filter);
  return (
    <TextInput
      enterKeyHint="done"
      className={styles.filter}
      icon={<Search size={16} strokeWidth={1.75} aria-hidden="true" />}
      id={filterInputId}
      aria-label="Filter silences"
      placeholder="Filter by matcher, comment, person"
      maxLength={1_000}
      value={filter}
      onChange={(event) => silences.setState({ filter: event.target.value })}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || event.nativeEvent.isComposing) return;
        event.preventDefault();
        focusRows();
      }}
    >
      <KeyChip chord="/" />
    </TextInput>
  );
}

function About({ silences, marked }: Pick<RowContext, 'silences' | 'marked'>) {
  const active = silences.filter(({ state }) => state === 'active').length;
  const markedCount = silences.filter(({ key }) => marked.has(key)).length;
  return (
    <p className={styles.about} role="status">
      <strong>{active}</strong> active{markedCount === 0 ? '' : `, ${markedCount} marked`}
    </p>
  );
}

/** What sending means while nothing is seen. */
function Waits({ blind }: { readonly blind: boolean }) {
  const open = useLive((state) => (state.outbox ?? none).filter(isOpenEntry).length);
  if (!blind) return null;
  return (
    <p className={styles.waits}>
      These are the silences as they were last seen. What you send waits in the outbox
      {open === 0 ? '' : `, with ${open} already there,`} and goes out once a server answers.
    </p>
  );
}

interface EmptyProps {
  readonly isKnown: boolean;
  readonly sources: readonly SourceHealth[];
  readonly filter: string;
}

function Empty({ isKnown, sources, filter }: EmptyProps) {
  const isSafeMode = useLive((state) => state.console?.safeMode === true);
  if (!isKnown) return <p className={styles.message}>Asking the core for the silences.</p>;
  if (filter.trim() !== '') {
    return <p className={styles.message}>No silence has all of these words. The filter is written above.</p>;
  }
  if (isSafeMode) return <p className={styles.message}>Safe mode: no Alertmanager is asked.</p>;
  if (!hasAlertmanager(sources)) {
    return (
      <p className={styles.message}>
        Silences are kept by an Alertmanager, and none is configured. <KeyChip chord="g ," /> adds one.
      </p>
    );
  }
  return (
    <p className={styles.message}>
      Nothing is silenced. <KeyChip chord="n" /> silences something, <KeyChip chord="s" /> in the inbox what
      is under the cursor.
    </p>
  );
}
