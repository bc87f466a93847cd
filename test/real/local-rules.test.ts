import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { RulesView } from '#shared/model/rule.ts';
import { writeConfiguration } from '#support/configuration-file.ts';
import { connectToConsole } from '#support/console-link.ts';
import { startConsole } from '#support/console.ts';
import type { ContractClient } from '#support/contract-client.ts';
import { inspectData } from '#support/inspection.ts';
import { startNodeExporter, startPrometheus, type Place } from '#support/real-servers.ts';
import { generations } from '../../scripts/provide/servers.ts';
import { generationNames, placeFor } from './generations.ts';

/**
 * A local rule asked of a real Prometheus by the whole console, which dies while the rule is pending and
 * again while it fires: progress is kept, it is told once, and it ends when the data says so.
 */

const isFull = process.env['OPSSIGHT_FULL'] === '1';
/** How often the console dies while the rule is pending, and how long that is. */
const deaths = isFull ? 5 : 1;
const forMs = isFull ? 40_000 : 6_000;

describe.concurrent('goes pending, fires after its `for` over deaths of the console, resolves', () => {
  test.for(generations.map((generation) => ({ generation, name: generationNames[generation] })))(
    '$name',
    async ({ generation }, context) => {
      const place = await placeFor(generation, context);
      const nodeExporter = await startNodeExporter(place);
      const { url } = await startPrometheus(place, { nodeExporter, alertmanagers: [], rules: [] });
      const configurationPath = writeConfiguration(place.folder, [{ name: 'p', kind: 'prometheus', url }]);
      appendFileSync(configurationPath, `rules:\n  folder: ${writeRules(place)}\n  source: p\n`);
      const dataDirectory = join(place.folder, 'data');
      const started = async () => {
        const console = await startConsole({ dataDirectory, configurationPath }, place.cleanup);
        return { console, client: await connectToConsole(console.address, place.cleanup) };
      };

      let { console, client } = await started();
      const pending = await alertThatIs(client, 'pending');
      for (let death = 0; death < deaths; death++) {
        await console.killEverything();
        expect((await inspectData(dataDirectory)).incidents).toEqual([]);
        ({ console, client } = await started());
        expect(await alertThatIs(client, 'pending')).toMatchObject({ activeAtMs: pending.activeAtMs });
      }
      const firedAtMs = pending.activeAtMs + forMs;
      const before = await alertThatIs(client, 'firing');
      expect(before).toMatchObject({ activeAtMs: pending.activeAtMs, firedAtMs });
      await incidentThatIs(client, 'firing');

      await console.killEverything();
      ({ console, client } = await started());
      expect(await alertThatIs(client, 'firing')).toMatchObject({ firedAtMs });
      const row = await incidentThatIs(client, 'firing');
      expect(row).toMatchObject({
        startsAtMs: firedAtMs,
        sources: ['local rules'],
        summary: `node of real at ${url}`,
      });
      await nodeExporter.kill();
      await incidentThatIs(client, 'resolved');
      expect(await console.stop()).toBe(0);

      const { incidents, notifications } = await inspectData(dataDirectory);
      expect(incidents.map(({ title, state }) => [title, state])).toEqual([['LoadKnown', 'resolved']]);
      expect(notifications.map(({ incidentId }) => incidentId)).toEqual([incidents[0]?.id]);
      const kinds = incidents.flatMap(({ timeline }) => timeline.map(({ kind }) => kind));
      expect(kinds.filter((kind) => kind === 'alert-fired' || kind === 'opened').length).toBe(2);
    },
  );
});

/** @returns the folder. */
function writeRules({ folder }: Place): string {
  const rules = join(folder, 'rules');
  mkdirSync(rules);
  const rule = {
    alert: 'LoadKnown',
    expr: 'node_load1 >= 0',
    for: `${forMs}ms`,
    annotations: { summary: '{{ $labels.job }} of {{ $externalLabels.cluster }} at {{ externalURL }}' },
  };
  writeFileSync(
    join(rules, 'load.yml'),
    JSON.stringify({ groups: [{ name: 'load', interval: '1s', rules: [rule] }] }),
  );
  return rules;
}

function alertIn(view: RulesView) {
  return view.groups[0]?.rules[0]?.alerts[0];
}

async function alertThatIs(client: ContractClient, state: 'pending' | 'firing') {
  const view = await client.until(
    `the rule is ${state}`,
    'rules',
    (rules) => alertIn(rules)?.state === state,
    {
      limitMs: 20_000 + forMs,
    },
  );
  const alert = alertIn(view);
  if (alert === undefined) throw new Error('the rule has no alert');
  return alert;
}

async function incidentThatIs(client: ContractClient, state: 'firing' | 'resolved') {
  const rows = await client.until(`the incident is ${state}`, 'incidents', (all) =>
    all.some((row) => row.title === 'LoadKnown' && row.state === state),
  );
  return rows[0];
}
