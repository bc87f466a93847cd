/**
 * Alerts as a large fleet has them: each alert of one instance, some dozen names over some dozen services, about
 * 730 bytes of JSON each. The same index gives the same alert.
 */
export interface FleetAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** How many names and services there are: their products are the incidents. */
export interface Fleet {
  readonly alerts: number;
  readonly names: number;
  readonly services: number;
}

/** 2,000 incidents of five alerts each. */
export const fleet10k: Fleet = { alerts: 10_000, names: 40, services: 50 };
/** 5,000 incidents of ten alerts each. */
export const fleet50k: Fleet = { alerts: 50_000, names: 50, services: 100 };

const nouns = [
  'Latency',
  'Errors',
  'Saturation',
  'Restarts',
  'Queue',
  'Disk',
  'Memory',
  'Certificate',
] as const;
const severities = ['critical', 'warning', 'warning', 'info'] as const;

export function fleetAlert({ names, services }: Fleet, index: number): FleetAlert {
  const name = index % names;
  const service = Math.floor(index / names) % services;
  const [noun, severity] = [nouns[name % nouns.length], severities[name % severities.length]];
  const instance = `10.${Math.floor(index / 65_025) % 255}.${Math.floor(index / 255) % 255}.${index % 255}:9100`;
  const where = `service-${service.toString().padStart(3, '0')}`;
  return {
    labels: {
      alertname: `Service${noun}Above${name.toString().padStart(2, '0')}`,
      service: where,
      severity: severity ?? 'info',
      instance,
      pod: `${where}-7c9f8d6b54-${(index * 7_919 + 46_656).toString(36)}`,
      namespace: `production-${service % 7}`,
      cluster: `eu-central-${index % 3}`,
      team: `team-${service % 12}`,
    },
    annotations: {
      summary: `${noun} of ${where} on ${instance} has been above its threshold for ten minutes`,
      description: `The value is above what the service was built for. Look at the dashboard of ${where} first.`,
      runbook_url: `https://runbooks.example/${where}/${noun}`,
    },
  };
}

export function fleetAlerts(fleet: Fleet): FleetAlert[] {
  return Array.from({ length: fleet.alerts }, (_none, index) => fleetAlert(fleet, index));
}

/** One that is not of the fleet: it is what a window is watched for. */
export function markerAlert(number: number): FleetAlert {
  return {
    labels: { alertname: `Marker${number}`, service: 'bench', severity: 'critical', instance: `m${number}` },
    annotations: { summary: `Marker ${number}` },
  };
}
