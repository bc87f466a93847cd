import { useMemo } from 'react';
import type { SettingsView } from '#shared/model/settings.ts';
import { plainText } from '#shared/text.ts';
import { emptyDraft } from '../../actions/console.ts';
import { useApp, useSession } from '../../app.ts';
import { Button } from '../../ui/button.tsx';
import { RowGrid, type GridItem } from '../../ui/row-grid.tsx';
import { draftUnderCursor } from './settings-cursor.ts';
import styles from './settings.module.css';
import { RemoveDialog } from './remove-dialog.tsx';
import { SecretState } from './secret-state.tsx';

const columns = '168px 112px minmax(0, 1fr) 104px minmax(0, 0.8fr) 80px';
const heads = [
  { name: 'Name' },
  { name: 'Kind' },
  { name: 'Address' },
  { name: 'Authentication' },
  { name: 'Secrets' },
  { name: 'Line', end: true },
] as const;

interface SourcesSectionProps {
  readonly settings: SettingsView;
  readonly onChanged: (settings: SettingsView) => void;
}

/** The sources of the configuration in force. */
export function SourcesSection({ settings, onChanged }: SourcesSectionProps) {
  const { session } = useApp();
  const chosen = useSession((state) => state.settingsCursor);
  const removing = useSession((state) => state.overlay === 'remove-source');
  const cursor = draftUnderCursor(
    settings.sources.map((source) => source.draft),
    chosen,
  );
  const items = useMemo(() => settings.sources.map(gridItem), [settings.sources]);
  const edit = (name: string): void => {
    const source = settings.sources.find((candidate) => candidate.draft.name === name);
    if (source !== undefined) session.setState({ sourceEdit: { replaces: name, draft: source.draft } });
  };
  return (
    <div className={styles.sourceList}>
      <p className={styles.bar}>
        <Button
          chord="n"
          due
          onClick={() => session.setState({ sourceEdit: { replaces: null, draft: emptyDraft() } })}
        >
          Add a source
        </Button>
        <span className={styles.support}>
          {settings.demo
            ? 'These are the demo fleet’s. The first source that you add takes their place.'
            : 'Saved into the configuration file; its comments stay.'}
        </span>
      </p>
      {items.length === 0 ? (
        <p className={styles.message}>No source is configured.</p>
      ) : (
        <RowGrid
          id="settings-sources"
          label="Configured sources"
          columns={columns}
          heads={heads}
          items={items}
          cursor={cursor?.name ?? null}
          onCursor={(key) => session.setState({ settingsCursor: key })}
          onOpen={edit}
        />
      )}
      {removing && cursor !== undefined ? (
        <RemoveDialog name={cursor.name} path={settings.path} onRemoved={onChanged} />
      ) : null}
    </div>
  );
}

function gridItem({ draft, line, secrets }: SettingsView['sources'][number]): GridItem {
  return {
    key: draft.name,
    heading: false,
    cells: (
      <>
        <span role="gridcell" className={styles.name}>
          {plainText(draft.name, 64)}
        </span>
        <span role="gridcell" className={styles.support}>
          {draft.kind}
        </span>
        <span role="gridcell" className="mono">
          {plainText(draft.url, 200)}
        </span>
        <span role="gridcell" className={styles.support}>
          {draft.authentication.kind}
        </span>
        <span role="gridcell">
          {secrets.length === 0 ? <span className={styles.faint}>–</span> : <SecretState secrets={secrets} />}
        </span>
        <span role="gridcell" className={styles.number}>
          {line === 0 ? 'demo' : line}
        </span>
      </>
    ),
  };
}
