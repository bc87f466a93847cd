import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fingerprintOf } from '#shared/model/labels.ts';
import { hourMs } from '#shared/time.ts';
import type { Cleanup } from '#support/cleanup.ts';
import { AlertmanagerDouble } from '#support/alertmanager-double.ts';
import { fleetAlert, type Fleet } from './alerts.ts';

/** How many alerts each answer has that the one before had not, and how many it lacks. */
const turned = 1_250;

/**
 * A loopback Alertmanager whose every list differs from the one before by 2,500 alerts: half of them are gone, half
 * are new. Both lists are made once, so that it costs next to nothing while something else is measured.
 */
export async function startAlternatingServer(fleet: Fleet, cleanup: Cleanup): Promise<string> {
  const double = new AlertmanagerDouble(Date.now() - hourMs);
  const startsAt = new Date(Date.now() - hourMs).toISOString();
  const updatedAt = new Date().toISOString();
  const endsAt = new Date(Date.now() + 24 * hourMs).toISOString();
  const all = Array.from({ length: fleet.alerts + turned }, (_none, index) => {
    const { labels, annotations } = fleetAlert(fleet, index);
    return {
      annotations,
      endsAt,
      fingerprint: fingerprintOf(labels),
      receivers: [{ name: 'nobody' }],
      startsAt,
      status: { inhibitedBy: [], mutedBy: [], silencedBy: [], state: 'active' },
      updatedAt,
      generatorURL: 'http://prometheus.example/graph?g0.expr=up+%3D%3D+0&g0.tab=1',
      labels,
    };
  });
  const bodies = [all.slice(0, fleet.alerts), all.slice(turned)].map((list) =>
    Buffer.from(JSON.stringify(list)),
  );
  let asked = 0;
  const server = createServer((request, response) => {
    const path = (request.url ?? '').split('?')[0] ?? '';
    const answer = path === '/api/v2/alerts' ? undefined : double.answer(path);
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(answer === undefined ? bodies[asked++ % bodies.length] : JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanup.add(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
