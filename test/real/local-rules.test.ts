import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { LocalAlerts } from '#core/rules/local-alerts.ts';
import type { RuleQueryService } from '#core/rules/query-service.ts';
import { RuleEngine } from '#core/rules/rule-engine.ts';
import { openStore, type Store } from '#core/store/store.ts';
import type { Labels } from '#shared/model/labels.ts';
import { failed, messageOf, success } from '#shared/result.ts';
import { eventually } from '#support/eventually.ts';
import { startNodeExporter, startPrometheus } from '#support/real-servers.ts';
import { generations } from '../../scripts/provide/servers.ts';
import { generationNames, placeFor } from './generations.ts';

/** A local rule asked of a real Prometheus: its progress outlives a stop, it is reported once, and ends. */

const forMs = 4_000;

test.for(generations.map((generation) => ({ generation, name: generationNames[generation] })))(
  'goes pending, is stopped, fires after its `for`, resolves: $name',
  async ({ generation }, context) => {
    const place = await placeFor(generation, context);
    const nodeExporter = await startNodeExporter(place);
    const prometheus = await startPrometheus(place, { nodeExporter, alertmanagers: [], rules: [] });
    await eventually('the node is scraped', async () => {
      const answer = await asking(prometheus.url).instant(
        'node_load1',
        Date.now(),
        AbortSignal.timeout(5_000),
      );
      return answer.ok && answer.value.length > 0 ? true : undefined;
    });
    const folder = join(place.folder, 'rules');
    mkdirSync(folder);
    const endsAtMs = Date.now() + 14_000;
    const expr = `node_load1 >= 0 and on () vector(time()) < ${endsAtMs / 1_000}`;
    const rule = {
      alert: 'LoadKnown',
      expr,
      for: `${forMs}ms`,
      annotations: { summary: '{{ $labels.job }}' },
    };
    writeFileSync(
      join(folder, 'load.yml'),
      JSON.stringify({ groups: [{ name: 'load', interval: '1s', rules: [rule] }] }),
    );
    const dataDirectory = join(place.folder, 'data');
    const told: LocalAlerts[] = [];

    const first = await startEngine(dataDirectory, folder, prometheus.url, told);
    const pending = await eventually('it is pending', () => alertOf(first.engine));
    expect(pending.state).toBe('pending');
    await first.stop();
    expect(told.flatMap(({ alerts }) => alerts)).toEqual([]);

    const second = await startEngine(dataDirectory, folder, prometheus.url, told);
    const fired = await eventually('it fires', () => {
      const alert = alertOf(second.engine);
      return alert?.state === 'firing' ? alert : undefined;
    });
    expect(fired.activeAtMs).toBe(pending.activeAtMs);
    expect(fired.firedAtMs).toBe(pending.activeAtMs + forMs);
    await eventually('it ends', () => (alertOf(second.engine) === undefined ? true : undefined), 20_000);
    await eventually('its end is told', () => (told.at(-1)?.alerts.length === 0 ? true : undefined));
    await second.stop();

    // Once: a single run of answers that have it, always as the same alert.
    const counts = told.map(({ alerts }) => alerts.length).join('');
    expect(counts).toMatch(/^0*1+0+$/);
    const reported = told.flatMap(({ alerts }) => alerts);
    expect(new Set(reported.map(({ fingerprint }) => fingerprint)).size).toBe(1);
    expect(reported[0]).toMatchObject({ startsAtMs: fired.firedAtMs, annotations: { summary: 'node' } });
  },
);

function alertOf(engine: RuleEngine) {
  return engine.view().groups[0]?.rules[0]?.alerts[0];
}

async function startEngine(dataDirectory: string, folder: string, url: string, told: LocalAlerts[]) {
  const store = await storeAt(dataDirectory);
  const { ruleGroups } = await store.load(0);
  const engine = new RuleEngine({
    queries: asking(url),
    restore: ruleGroups,
    commit: (changes) => store.commit(changes),
    onAlerts: (alerts) => told.push(alerts),
    onDoubt: () => undefined,
    onChanged: () => undefined,
  });
  engine.configure({ folder, prometheusUrl: url, sourceName: 'prometheus' });
  engine.start();
  const stop = async (): Promise<void> => {
    await engine.stop();
    await store.close();
  };
  return { engine, stop };
}

async function storeAt(dataDirectory: string): Promise<Store> {
  const opened = await openStore({
    dataDirectory,
    safeMode: false,
    onNotice: () => undefined,
    nowMs: () => Date.now(),
  });
  if (!opened.ok) throw new Error(opened.failure.message);
  return opened.value;
}

interface QueryAnswer {
  readonly data: {
    readonly result: readonly { readonly metric: Labels; readonly value: readonly [number, string] }[];
  };
}

function asking(url: string): RuleQueryService {
  return {
    instant: async (expression, atMs, signal) => {
      const parameters = new URLSearchParams({ query: expression, time: String(atMs / 1_000) });
      try {
        const answer = await fetch(`${url}/api/v1/query?${parameters}`, { signal });
        if (!answer.ok) return failed({ message: await answer.text() });
        const { data } = (await answer.json()) as QueryAnswer;
        return success(data.result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) })));
      } catch (error) {
        return failed({ message: messageOf(error) });
      }
    },
  };
}
