import { useEffect } from 'react';
import { useStore } from 'zustand';
import { plainText } from '#shared/text.ts';
import { useApp, useLive, useTimed } from '../../app.ts';
import { requestOverview } from '../../bridge/overview-feed.ts';
import { useSight } from '../../parts/use-sight.ts';
import { ViewHeader } from '../../parts/view-header.tsx';
import { isReachable } from '../../stores/live.ts';
import { KeyChip } from '../../ui/key-chip.tsx';
import { countsOf, panelUnderCursor, shownPanels } from './overview-model.ts';
import { OverviewPanelView } from './overview-panel.tsx';
import styles from './overview.module.css';

const refreshMs = 60_000;
const panelHeight = 168;
const enlargedHeight = 420;

/** The four golden signals of each service on one page. */
export function OverviewView() {
  const { overview: store, core } = useApp();
  const state = useStore(store);
  const reachable = useLive(isReachable);
  const turn = useTimed((nowMs) => Math.floor(nowMs / refreshMs));
  const blind = useSight().kind === 'blind';
  useEffect(
    () => requestOverview(store, core),
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- asked again in turn, and once the core is back
    [store, core, reachable, turn],
  );
  const panels = shownPanels(state);
  const cursor = panelUnderCursor(state);
  useEffect(() => {
    if (cursor !== undefined)
      document.getElementById(`panel-${cursor.id}`)?.scrollIntoView({ block: 'nearest' });
  }, [cursor]);
  const { live, cached, failed } = countsOf(state);
  const note = state.failure?.message ?? state.overview?.note ?? '';
  return (
    <div className={styles.view}>
      <ViewHeader title="Golden signals">
        {state.service === '' ? null : (
          <span className={styles.service}>service = {plainText(state.service, 60)}</span>
        )}
        <p className={styles.counts}>
          {blind ? null : <span>{live} live</span>}
          {cached > 0 ? <span>{cached} cached</span> : null}
          {failed > 0 ? <span className={styles.failed}>{failed} without an answer</span> : null}
          {failed > 0 ? (
            <span>
              <KeyChip chord="r" /> try now
            </span>
          ) : null}
          {note === '' ? null : <span className={styles.note}>{plainText(note, 200)}</span>}
        </p>
      </ViewHeader>
      {panels.length === 0 ? (
        <p className={styles.message}>{emptyWords(state.overview === null, note)}</p>
      ) : (
        <div
          className={state.enlarged === null ? styles.grid : styles.alone}
          tabIndex={0}
          role="group"
          aria-label="Panels"
        >
          {panels.map((panel) => (
            <OverviewPanelView
              key={panel.id}
              panel={panel}
              current={panel.id === cursor?.id}
              blind={blind}
              height={state.enlarged === null ? panelHeight : enlargedHeight}
            />
          ))}
        </div>
      )}
    </div>
  );
}

function emptyWords(isWaiting: boolean, note: string): string {
  if (isWaiting && note === '') return 'Asking the core which services there are.';
  return `No panel: ${note === '' ? 'no source tells a golden signal' : plainText(note, 300)}`;
}
