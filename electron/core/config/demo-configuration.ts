import type { SourceSettings } from '#core/sources/source-settings.ts';
import { defaultPolicy } from '#shared/notify/model.ts';
import type { DemoFleetAddress } from '#host/port.ts';
import type { SourceDraft } from '#shared/model/settings.ts';
import { isAskedForAlerts } from '#shared/model/source.ts';
import type { ActiveConfiguration } from './configuration-state.ts';
import {
  defaultComeBackAfterMs,
  defaultGroupBy,
  defaultSilenceMs,
  defaultTimeoutMs,
} from './configuration-keys.ts';

/** Names that no configuration should take: history of them is the demo's. */
export const demoSourceNames = ['demo-prometheus', 'demo-alertmanager', 'demo-loki', 'demo-jaeger'] as const;
const [prometheusName, alertmanagerName, lokiName, jaegerName] = demoSourceNames;

/** What is in force while there is no configuration file: the demo fleet, or nothing where there is none. */
export function demoConfiguration(fleet: DemoFleetAddress | null, operator: string): ActiveConfiguration {
  const drafts =
    fleet === null
      ? []
      : [
          demoDraft(prometheusName, 'prometheus', fleet.prometheus),
          demoDraft(alertmanagerName, 'alertmanager', fleet.alertmanager),
          demoDraft(lokiName, 'loki', fleet.loki),
          demoDraft(jaegerName, 'jaeger', fleet.jaeger),
        ];
  return {
    environment: fleet === null ? '' : 'OpsSight platform',
    operator,
    groupBy: defaultGroupBy,
    comeBackAfterMs: defaultComeBackAfterMs,
    silenceTimes: { acknowledgementMs: defaultSilenceMs, reminderLeadMs: defaultSilenceMs },
    rules: { folder: fleet?.rulesFolder ?? '', source: '' },
    runbooksFolder: fleet?.runbooksFolder ?? '',
    runbookHosts: [],
    notifications: defaultPolicy,
    watchdogs: new Map(),
    sources: drafts.map((draft) => demoSettings(draft, drafts)),
    unusable: [],
    views: drafts.map((draft) => ({ draft, line: 0, secrets: [] })),
  };
}

function demoDraft(name: string, kind: SourceDraft['kind'], url: string): SourceDraft {
  return {
    name,
    kind,
    url: url.replace(/\/+$/, ''),
    authentication: { kind: 'none' },
    headers: [],
    tenant: '',
    tls: { caFile: '', certFile: '', keyFile: '', pinnedSha256: '', serverName: '' },
    proxy: 'none',
    pollSeconds: 5,
    timeoutSeconds: defaultTimeoutMs / 1_000,
  };
}

function demoSettings(
  { name, kind, url, pollSeconds, timeoutSeconds }: SourceDraft,
  fleet: readonly SourceDraft[],
): SourceSettings {
  return {
    name,
    kind,
    // Each start has it on other ports: it is the same demo.
    identity: name,
    url,
    headers: {},
    tls: { ca: null, certificate: null, key: null, pinnedSha256: null, serverName: null },
    proxy: null,
    pollMs: pollSeconds * 1_000,
    timeoutMs: timeoutSeconds * 1_000,
    tellsAlerts: isAskedForAlerts(
      kind,
      fleet.map((draft) => draft.kind),
    ),
  };
}
