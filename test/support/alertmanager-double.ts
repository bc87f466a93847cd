import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Cleanup } from './cleanup.ts';

/**
 * A loopback server that answers like an Alertmanager 0.33 that is well: for tests in which the source is
 * not the matter but must be quick, exact and the same every time. What real ones do is tested on real ones.
 */
export interface DoubleAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

export class AlertmanagerDouble {
  url = '';
  /** Of whatever was asked of it beyond looking: method and path. */
  readonly changes: string[] = [];
  #alerts: readonly DoubleAlert[] = [];
  #startsAt = new Map<string, string>();
  /** Of five thousand alerts a second they are the dearest. */
  readonly #fingerprints = new WeakMap<DoubleAlert['labels'], string>();
  readonly #startedAt: string;

  constructor(startedAtMs = Date.now()) {
    this.#startedAt = new Date(startedAtMs).toISOString();
  }

  setAlerts(alerts: readonly DoubleAlert[]): void {
    this.#alerts = alerts;
  }

  /** @param path of a GET; undefined where an Alertmanager has no such path. */
  answer(path: string): unknown {
    switch (path) {
      case '/api/v2/alerts':
        return this.#alerts.map((alert) => this.#wireAlert(alert));
      case '/api/v2/alerts/groups':
        return [
          {
            labels: {},
            receiver: { name: 'nobody' },
            alerts: this.#alerts.map((alert) => this.#wireAlert(alert)),
          },
        ];
      case '/api/v2/silences':
        return [];
      case '/api/v2/receivers':
        return [{ name: 'nobody' }];
      case '/api/v2/status':
        return {
          cluster: { name: 'double', status: 'ready', peers: [] },
          versionInfo: {
            branch: 'HEAD',
            buildDate: '20260929-12:08:01',
            buildUser: 'test',
            goVersion: 'go1.27.1',
            revision: '0',
            version: '0.33.1',
          },
          config: { original: 'route:\n  receiver: nobody\nreceivers:\n- name: nobody\n' },
          uptime: this.#startedAt,
        };
      default:
        return undefined;
    }
  }

  #wireAlert({ labels, annotations = {} }: DoubleAlert): unknown {
    const fingerprint = this.#fingerprints.get(labels) ?? fingerprintOf(labels);
    this.#fingerprints.set(labels, fingerprint);
    const startsAt = this.#startsAt.get(fingerprint) ?? new Date().toISOString();
    this.#startsAt.set(fingerprint, startsAt);
    return {
      annotations,
      endsAt: new Date(Date.now() + 240_000).toISOString(),
      fingerprint,
      receivers: [{ name: 'nobody' }],
      startsAt,
      status: { inhibitedBy: [], mutedBy: [], silencedBy: [], state: 'active' },
      updatedAt: new Date().toISOString(),
      generatorURL: 'http://prometheus.invalid/graph?g0.expr=up+%3D%3D+0&g0.tab=1',
      labels,
    };
  }
}

export async function startAlertmanagerDouble(
  cleanup: Cleanup,
  startedAtMs?: number,
): Promise<AlertmanagerDouble> {
  const double = new AlertmanagerDouble(startedAtMs);
  const server = createServer((request, response) => {
    const path = (request.url ?? '').split('?')[0] ?? '';
    if (request.method !== 'GET') double.changes.push(`${request.method} ${path}`);
    const answer = double.answer(path);
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer ?? { message: 'no such path' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanup.add(() => {
    server.closeAllConnections();
    server.close();
  });
  double.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return double;
}

/** 16 hex digits that tell label sets apart, as Alertmanager's own do (FNV-1a over names and values). */
function fingerprintOf(labels: Readonly<Record<string, string>>): string {
  const separator = '\u00ff';
  const text = Object.entries(labels)
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, value]) => `${name}${separator}${value}${separator}`)
    .join('');
  let hash = 0xcbf29ce484222325n;
  for (const byte of Buffer.from(text, 'latin1'))
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash.toString(16).padStart(16, '0');
}
