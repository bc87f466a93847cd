import { useMemo, type ReactNode } from 'react';
import type { SourceHealth } from '#shared/model/source.ts';
import { plainText } from '#shared/text.ts';
import { drop } from '#shared/result.ts';
import { pollSources } from '../../actions/console.ts';
import { useApp, useLive, useSession } from '../../app.ts';
import { SourceGlyph, wordOfSource } from '../../parts/source-glyph.tsx';
import { useSight } from '../../parts/use-sight.ts';
import { ViewHeader } from '../../parts/view-header.tsx';
import { Age, Until } from '../../parts/age.tsx';
import { Button } from '../../ui/button.tsx';
import { KeyChip } from '../../ui/key-chip.tsx';
import { RowGrid, type GridItem } from '../../ui/row-grid.tsx';
import { isBlind, missingWords, SourceDetail } from './source-detail.tsx';
import { sourceUnderCursor } from './source-cursor.ts';
import styles from './sources.module.css';

const columns = '88px minmax(0, 1fr) 104px minmax(0, 1fr) 80px 72px 80px 80px minmax(0, 1.2fr)';
const heads = [
  { name: 'State' },
  { name: 'Name' },
  { name: 'Kind' },
  { name: 'Address' },
  { name: 'Version' },
  { name: 'Latency', end: true },
  { name: 'Age', end: true },
  { name: 'Next try', end: true },
  { name: 'Failure' },
] as const;
/** Beside a detail, which says the rest. */
const fewColumns = '88px minmax(0, 1fr) minmax(0, 1fr) 80px 80px 112px';
const fewHeads = heads.filter(({ name }) => !['Kind', 'Version', 'Latency'].includes(name));

/** Every server that is asked, how well that goes, and what to do about it. */
export function SourcesView() {
  const app = useApp();
  const sources = useLive((state) => state.sources);
  const chosen = useSession((state) => state.sourceCursor);
  const open = useSession((state) => state.sourceDetail);
  const sight = useSight();
  const cursor = sourceUnderCursor(sources ?? [], chosen);
  const blind = sight.kind === 'blind';
  const detail = sources?.find((source) => source.name === open);
  const few = detail !== undefined;
  const items = useMemo(
    (): readonly GridItem[] =>
      (sources ?? []).map((source) => ({
        key: source.name,
        heading: false,
        cells: <SourceCells source={source} blind={blind} few={few} />,
      })),
    [sources, blind, few],
  );
  return (
    <div className={styles.view}>
      <ViewHeader title="Sources">
        <p className={styles.counts}>{countsOf(sources ?? [])}</p>
        <Button
          chord="r"
          onClick={() =>
            drop(pollSources(app, cursor === undefined ? [] : [cursor.name]), 'tells its own failure')
          }
        >
          Try now
        </Button>
      </ViewHeader>
      <div className={detail === undefined ? styles.whole : styles.panes}>
        {items.length === 0 ? (
          <p className={styles.message}>
            {sources === null ? (
              'Asking the core for its sources.'
            ) : (
              <>
                No source is configured. <KeyChip chord="g ," /> adds one.
              </>
            )}
          </p>
        ) : (
          <RowGrid
            id="source-list"
            label="Sources"
            columns={detail === undefined ? columns : fewColumns}
            heads={detail === undefined ? heads : fewHeads}
            items={items}
            cursor={cursor?.name ?? null}
            onCursor={(key) => app.session.setState({ sourceCursor: key })}
            onOpen={(key) => app.session.setState({ sourceCursor: key, sourceDetail: key })}
          />
        )}
        {detail === undefined ? null : <SourceDetail key={detail.name} source={detail} blind={blind} />}
      </div>
    </div>
  );
}

function countsOf(sources: readonly SourceHealth[]): string {
  const fresh = sources.filter((source) => wordOfSource(source) === 'fresh').length;
  return `${fresh} of ${sources.length} fresh`;
}

interface SourceCellsProps {
  readonly source: SourceHealth;
  readonly blind: boolean;
  readonly few: boolean;
}

function SourceCells({ source, blind, few }: SourceCellsProps) {
  const { failure, latencyMs, missingWatchdog } = source;
  const code = failure?.code ?? (missingWatchdog === null ? null : 'no watchdog');
  const said = failure?.message ?? (missingWatchdog === null ? '' : missingWords(missingWatchdog));
  const version = source.version === '' ? '–' : plainText(source.version, 30);
  return (
    <>
      <span role="gridcell" className={styles.state}>
        <SourceGlyph state={source.state} blind={isBlind(source, blind)} />
        {wordOfSource(source)}
      </span>
      <Cell className={styles.name}>{plainText(source.name, 64)}</Cell>
      {few ? null : <Cell className={styles.support}>{source.kind}</Cell>}
      <Cell className="mono">{plainText(source.url, 200)}</Cell>
      {few ? null : <Cell className="mono">{version}</Cell>}
      {few ? null : (
        <Cell className={styles.number}>{latencyMs === null ? '–' : `${Math.round(latencyMs)} ms`}</Cell>
      )}
      <Cell className={styles.number}>
        {source.lastSuccessAtMs === null ? 'never' : <Age sinceMs={source.lastSuccessAtMs} />}
      </Cell>
      <Cell className={styles.number}>
        {source.nextAttemptAtMs === null ? '–' : <Until atMs={source.nextAttemptAtMs} />}
      </Cell>
      <Cell className={styles.failure}>
        {code === null ? null : <code>{code}</code>} {few ? null : plainText(said, 300)}
      </Cell>
    </>
  );
}

function Cell({
  className,
  children,
}: {
  readonly className: string | undefined;
  readonly children: ReactNode;
}) {
  return (
    <span role="gridcell" className={className}>
      {children}
    </span>
  );
}
