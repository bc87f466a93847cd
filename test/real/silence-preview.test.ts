import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Labels } from '#shared/model/labels.ts';
import type { SilenceMatcher } from '#shared/model/silence.ts';
import { hourMs } from '#shared/time.ts';
import { writeConfiguration } from '#support/configuration-file.ts';
import { connectToConsole } from '#support/console-link.ts';
import { startConsole } from '#support/console.ts';
import type { ContractClient } from '#support/contract-client.ts';
import { startAlertmanagers } from '#support/real-servers.ts';
import { firedLabels, silenceMatchers } from '#support/silence-data.ts';
import { generations } from '../../scripts/provide/servers.ts';
import { generationNames, placeFor } from './generations.ts';

/**
 * What a preview says a silence hides is what a real Alertmanager then suppresses, alert by alert, and what a
 * preview refuses the server refuses; for silences by chance over alerts by chance.
 */
const isFull = process.env['OPSSIGHT_FULL'] === '1';
const silenceCount = isFull ? 200 : 40;
const alertCount = 120;
/** The same questions in every run, so that a difference can be looked at again. */
const seed = 20_261_121;
const source = 'alertmanager';

test.for(generations.map((generation) => ({ generation, name: generationNames[generation] })))(
  'a preview is what the server then suppresses: $name',
  { timeout: 600_000 },
  async ({ generation }, context) => {
    const place = await placeFor(generation, context);
    const [alertmanager] = await startAlertmanagers(place);
    const url = alertmanager?.url ?? '';
    await fire(url, fc.sample(firedLabels, { numRuns: alertCount, seed }));
    const all = await suppressedBy(url, null);
    const configurationPath = writeConfiguration(place.folder, [{ name: source, kind: 'alertmanager', url }]);
    const dataDirectory = join(place.folder, 'data');
    const console = await startConsole({ dataDirectory, configurationPath }, place.cleanup);
    const client = await connectToConsole(console.address, place.cleanup);
    await client.until('all alerts are here', 'incidents', (rows) => {
      return rows.reduce((sum, { alertCount: count }) => sum + count, 0) === all.length;
    });

    let [taken, refused] = [0, 0];
    for (const matchers of fc.sample(silenceMatchers, { numRuns: silenceCount, seed })) {
      const what = JSON.stringify(matchers);
      const id = await silence(url, matchers);
      const preview = await client.tryCall('silence.preview', { matchers, cluster: source });
      expect(preview.ok, what).toBe(id !== null);
      if (id === null || !preview.ok) {
        refused += 1;
        continue;
      }
      const suppressed = await suppressedBy(url, id);
      expect(preview.value.fingerprints.toSorted(), what).toEqual(suppressed);
      expect(preview.value.now.alerts, what).toBe(suppressed.length);
      expect(preview.value.past.alerts, what).toBe(suppressed.length);
      if (suppressed.length > 0 && suppressed.length < all.length) taken += 1;
      await fetch(`${url}/api/v2/silence/${id}`, { method: 'DELETE' });
    }
    // Were most to take all or nothing, little would have been compared.
    expect(taken).toBeGreaterThan(silenceCount / 4);
    expect(refused).toBeGreaterThan(0);

    await suggestionHolds(client, url);
    expect(await console.stop()).toBe(0);
  },
);

/** Matchers suggested for an incident suppress all of its alerts at the server. */
async function suggestionHolds(client: ContractClient, url: string): Promise<void> {
  const rows = await client.until('incidents', 'incidents', (known) => known.length > 0);
  for (const { id, alertCount: count } of rows.slice(0, 10)) {
    const { matchers } = await client.call('silence.suggest', { incidentIds: [id] });
    const detail = await client.until('it is read', 'incident', (read) => read !== null, { key: String(id) });
    const own = (detail?.alerts ?? []).map(({ fingerprint }) => fingerprint);
    const silenceId = await silence(url, matchers);
    const suppressed = new Set(await suppressedBy(url, silenceId ?? ''));
    expect(own.length).toBe(count);
    expect(own.filter((fingerprint) => !suppressed.has(fingerprint))).toEqual([]);
    await fetch(`${url}/api/v2/silence/${silenceId}`, { method: 'DELETE' });
  }
}

async function fire(url: string, alerts: readonly Labels[]): Promise<void> {
  const body = JSON.stringify(alerts.map((labels) => ({ labels, endsAt: at(Date.now() + hourMs) })));
  const answer = await post(`${url}/api/v2/alerts`, body);
  if (!answer.ok) throw new Error(await answer.text());
}

/** @returns its id; null where the server refuses the matchers. */
async function silence(url: string, matchers: readonly SilenceMatcher[]): Promise<string | null> {
  const body = JSON.stringify({
    matchers,
    startsAt: at(Date.now()),
    endsAt: at(Date.now() + hourMs),
    createdBy: 'tester',
    comment: 'by chance',
  });
  const answer = await post(`${url}/api/v2/silences`, body);
  if (answer.status === 400 || answer.status === 422) return null;
  const { silenceID } = (await answer.json()) as { silenceID: string };
  return silenceID;
}

/** Fingerprints of what a silence suppresses, or of all alerts. */
async function suppressedBy(url: string, id: string | null): Promise<readonly string[]> {
  const answer = await fetch(`${url}/api/v2/alerts`);
  const alerts = (await answer.json()) as {
    fingerprint: string;
    status: { state: string; silencedBy: string[] };
  }[];
  return alerts
    .filter(({ status }) => id === null || (status.state === 'suppressed' && status.silencedBy.includes(id)))
    .map(({ fingerprint }) => fingerprint)
    .toSorted();
}

function post(url: string, body: string): Promise<Response> {
  return fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
}

function at(ms: number): string {
  return new Date(ms).toISOString();
}
