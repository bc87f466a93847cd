import { previewSilence, type PreviewOptions } from '#core/silences/preview/silence-preview.ts';
import { suggestMatchers } from '#core/silences/preview/suggest-matchers.ts';
import type { AlertRecord } from '#core/store/records.ts';
import type { commands } from '#shared/contract.ts';
import { commandFailure, type CommandFailure } from '#shared/failure.ts';
import { failed, success } from '#shared/result.ts';
import type { Handlers } from '#shared/rpc/server.ts';
import { noIncident } from './refusals.ts';

/** Handlers of the commands about what a silence would hide. */
export interface SilencePreviewServices extends PreviewOptions {
  readonly alertsOf: (incidentId: number) => readonly AlertRecord[];
  /** The sources of a cluster by the name of any of them; empty where there is none. */
  readonly sourcesOf: (cluster: string) => readonly string[];
  /** The names of all sources that report alerts. */
  readonly alertSources: () => readonly string[];
}

export function silencePreviewCommands(
  services: SilencePreviewServices,
): Pick<Handlers<typeof commands>, 'silence.preview' | 'silence.suggest'> {
  return {
    'silence.preview': async ({ matchers, cluster, lastsMs = null, incidentIds = [] }, { signal }) => {
      const sources = services.sourcesOf(cluster);
      if (sources.length === 0) return failed(noCluster(cluster));
      const chosen = incidentIds.flatMap((id) => services.alertsOf(id));
      return previewSilence({ matchers, sources, lastsMs, chosen }, services, signal);
    },
    'silence.suggest': async ({ incidentIds }) => {
      const alerts = incidentIds.map((id) => services.alertsOf(id));
      const unknown = incidentIds.find((_id, index) => alerts[index]?.length === 0);
      if (unknown !== undefined) return failed(noIncident(unknown));
      const labels = alerts.flatMap((some) => openOrAll(some).map((alert) => alert.labels));
      const matchers = await suggestMatchers(labels, { ...services, sources: services.alertSources() });
      return matchers.ok ? success({ matchers: matchers.value }) : failed(noMatchers(matchers.failure));
    },
  };
}

/** Of an incident that goes on what still fires; of one that is over all of it. */
function openOrAll(alerts: readonly AlertRecord[]): readonly AlertRecord[] {
  const open = alerts.filter(({ endedAtMs }) => endedAtMs === null);
  return open.length > 0 ? open : alerts;
}

function noCluster(name: string): CommandFailure {
  return commandFailure(
    'not-found',
    `there is no Alertmanager ${JSON.stringify(name)} here`,
    'Choose one of the sources view.',
  );
}

function noMatchers(why: string): CommandFailure {
  return commandFailure(
    'not-supported',
    `No matchers can be suggested: ${why}.`,
    'Write the matchers by hand.',
  );
}
