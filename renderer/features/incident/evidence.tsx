import { useEffect, type ReactNode } from 'react';
import type { CommandFailure } from '#shared/failure.ts';
import type { LogAnswer } from '#shared/model/log.ts';
import type { Origin } from '#shared/model/origin.ts';
import { plainText } from '#shared/text.ts';
import { useApp, useLive, useTimed } from '../../app.ts';
import { requestEvidence } from '../../bridge/evidence-feed.ts';
import { CachedNote, hatching, UnknownNote } from '../../parts/cached-note.tsx';
import { LogLines } from '../../parts/log-rows.tsx';
import { TraceRows } from '../../parts/trace-rows.tsx';
import { isReachable, type IncidentEvidence } from '../../stores/live.ts';
import { Button } from '../../ui/button.tsx';
import { classes } from '../../ui/classes.ts';
import styles from './evidence.module.css';
import { openIncidentLogs, openIncidentTraces } from './incident-commands.ts';
import { MissingEvidence } from './missing-evidence.tsx';
import { RunbookPane } from './runbook-pane.tsx';

const refreshMs = 30_000;

/** What was logged and traced around the start of an incident, and what to do about it. */
export function Evidence({ incidentId, blind }: { readonly incidentId: number; readonly blind: boolean }) {
  const { live, core } = useApp();
  const reachable = useLive(isReachable);
  const turn = useTimed((nowMs) => Math.floor(nowMs / refreshMs));
  useEffect(
    () => requestEvidence(live, core, incidentId),
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- asked again in turn, and once the core is back
    [live, core, incidentId, reachable, turn],
  );
  const evidence = useLive((state) => (state.evidence?.incidentId === incidentId ? state.evidence : null));
  return (
    <div className={styles.evidence}>
      <div className={styles.beside}>
        <LogsAtTheFire evidence={evidence} blind={blind} />
        <ErrorTraces evidence={evidence} blind={blind} />
      </div>
      <RunbookPane incidentId={incidentId} evidence={evidence} />
    </div>
  );
}

interface PaneProps {
  readonly evidence: IncidentEvidence | null;
  readonly blind: boolean;
}

function LogsAtTheFire({ evidence, blind }: PaneProps) {
  const app = useApp();
  const logs = evidence?.logs ?? null;
  return (
    <Pane
      title="Logs at the fire"
      about={logs === null || logs.origin.kind === 'unknown' ? '' : countOf(logs)}
      warning={logs?.warnings[0] ?? ''}
      origin={logs?.origin ?? null}
      blind={blind}
      failure={evidence?.logsFailure ?? null}
      action={
        <Button chord="4" onClick={() => openIncidentLogs(app)}>
          in Logs
        </Button>
      }
    >
      {logs === null || logs.origin.kind === 'unknown' ? null : logs.lines.length === 0 ? (
        <p className={styles.words}>No line of this service around the start.</p>
      ) : (
        <LogLines answer={logs} max={12} />
      )}
    </Pane>
  );
}

function countOf({ lines, isMore }: LogAnswer): string {
  return isMore ? `${lines.length} lines, not all` : `${lines.length} lines`;
}

function ErrorTraces({ evidence, blind }: PaneProps) {
  const app = useApp();
  const traces = evidence?.traces ?? null;
  return (
    <Pane
      title="Error traces"
      about={traces === null || traces.origin.kind === 'unknown' ? '' : String(traces.traces.length)}
      warning=""
      origin={traces?.origin ?? null}
      blind={blind}
      failure={evidence?.tracesFailure ?? null}
      action={
        <Button chord="5" onClick={() => openIncidentTraces(app)}>
          in Traces
        </Button>
      }
    >
      {traces === null || traces.origin.kind === 'unknown' ? null : traces.traces.length === 0 ? (
        <p className={styles.words}>No trace with an error of this service around the start.</p>
      ) : (
        <TraceRows list={traces} max={12} />
      )}
    </Pane>
  );
}

interface FrameProps {
  readonly title: string;
  readonly about: string;
  /** Why it may not be all there is; empty where it is. */
  readonly warning: string;
  readonly origin: Origin | null;
  readonly blind: boolean;
  readonly failure: CommandFailure | null;
  readonly action: ReactNode;
  readonly children: ReactNode;
}

/** The frame of one kind of evidence: how old it is and why, or why there is none. */
function Pane({ title, about, warning, origin, blind, failure, action, children }: FrameProps) {
  const old = origin?.kind === 'cache' || (origin?.kind === 'live' && (blind || failure !== null));
  return (
    <section className={styles.pane} aria-label={title}>
      <h2 className={classes(styles.heading, old && hatching.head)}>
        <span className={hatching.title}>
          <strong>{title}</strong> <span className={styles.faint}>{about}</span>
        </span>
        {old ? (
          <CachedNote atMs={origin.atMs} cause={origin.kind === 'cache' ? origin.reason : ''} blind={blind} />
        ) : null}
        <span className={styles.action}>{action}</span>
      </h2>
      {origin === null ? <MissingEvidence failure={failure} waiting="Asking for it." /> : null}
      {origin?.kind === 'unknown' ? <UnknownNote reason={origin.reason} className={styles.words} /> : null}
      {warning === '' ? null : <p className={styles.words}>{plainText(warning, 300)}</p>}
      {children}
    </section>
  );
}
