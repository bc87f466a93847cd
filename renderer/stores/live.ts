import { createStore, type StoreApi } from 'zustand/vanilla';
import type { CommandFailure } from '#shared/failure.ts';
import type { DesktopState, HostToWindow, SecretState } from '#shared/host-window.ts';
import type { IncidentAlerts } from '#shared/model/alert-facts.ts';
import type { ConsoleStatus } from '#shared/model/console.ts';
import type { IncidentSigns } from '#shared/model/incident-signs.ts';
import type { IncidentDetail, IncidentRow } from '#shared/model/incident.ts';
import type { LogAnswer } from '#shared/model/log.ts';
import type { RulesView } from '#shared/model/rule.ts';
import type { IncidentRunbook } from '#shared/model/runbook.ts';
import type { Chart } from '#shared/model/series.ts';
import type { OutboxEntry, Silence } from '#shared/model/silence.ts';
import type { SourceHealth } from '#shared/model/source.ts';
import type { TraceList } from '#shared/model/trace.ts';
import type { SavedViews } from '#shared/model/view.ts';

/**
 * What the core and the host last said. Only the bridge writes here. When the link is lost everything
 * stays as it was and `link` says since when: the screen shows it with its age.
 */

export type LinkState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'open' }
  | {
      readonly kind: 'lost';
      readonly sinceMs: number;
      readonly reason: string;
      readonly nextTryAtMs: number | null;
    }
  /** The host does not know this window: the address with the key must be opened again. */
  | { readonly kind: 'refused' };

export type CoreState = Extract<HostToWindow, { kind: 'core-state' }>;

/** The chart of one incident over one range; `chart` is the last good answer while another is awaited. */
export interface ChartState {
  readonly incidentId: number;
  readonly range: { readonly fromMs: number; readonly toMs: number };
  readonly chart: Chart | null;
  readonly failure: CommandFailure | null;
  /** Set while an answer is awaited. */
  readonly askedAtMs: number | null;
}

/** What belongs to one incident beside its chart; each part is the last good answer, or null before it. */
export interface IncidentEvidence {
  readonly incidentId: number;
  readonly logs: LogAnswer | null;
  readonly logsFailure: CommandFailure | null;
  readonly traces: TraceList | null;
  readonly tracesFailure: CommandFailure | null;
  /** Undefined before the first answer. */
  readonly runbook: IncidentRunbook | undefined;
  readonly runbookFailure: CommandFailure | null;
}

export interface LiveState {
  readonly link: LinkState;
  readonly core: CoreState | null;
  /** The link is open, or the core runs, before the core can be asked: set until it has said hello. */
  readonly coreIsAwaited: boolean;
  /** When the core last said anything. */
  readonly heardAtMs: number | null;
  readonly console: ConsoleStatus | null;
  readonly incidents: readonly IncidentRow[] | null;
  /** What filters ask of their alerts; null until a filter has asked for it. */
  readonly alerts: readonly IncidentAlerts[] | null;
  /** Beside their rows, of those incidents of which there is something to tell. */
  readonly signs: readonly IncidentSigns[] | null;
  readonly sources: readonly SourceHealth[] | null;
  /** The incident on the screen; `detail` is null where there is no such incident. */
  readonly incident: { readonly id: number; readonly detail: IncidentDetail | null } | null;
  readonly chart: ChartState | null;
  readonly evidence: IncidentEvidence | null;
  readonly rules: RulesView | null;
  /** Null until somebody has looked at silences. */
  readonly silences: readonly Silence[] | null;
  /** What waits to be sent, and what became of what was. */
  readonly outbox: readonly OutboxEntry[] | null;
  /** Filters with names, the same for every window. */
  readonly views: SavedViews | null;
  /** Where the host keeps secrets, and their names; null before it has said so. */
  readonly secrets: SecretState | null;
  /** Of the app on this machine; null under a host that is none. */
  readonly desktop: DesktopState | null;
}

export type LiveStore = StoreApi<LiveState>;

export function createLiveStore(): LiveStore {
  return createStore(() => ({
    link: { kind: 'connecting' },
    core: null,
    coreIsAwaited: false,
    heardAtMs: null,
    console: null,
    incidents: null,
    alerts: null,
    signs: null,
    sources: null,
    incident: null,
    chart: null,
    evidence: null,
    rules: null,
    silences: null,
    outbox: null,
    views: null,
    secrets: null,
    desktop: null,
  }));
}

/** Whether commands can reach the core now. */
export function isReachable(live: LiveState): boolean {
  if (live.link.kind !== 'open' || live.coreIsAwaited) return false;
  return live.core === null || live.core.state === 'running';
}
