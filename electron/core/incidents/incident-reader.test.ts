import { afterEach, beforeEach, expect, test } from 'vitest';
import { IncidentWorld } from '#support/incident-world.ts';
import { IncidentReader } from './incident-reader.ts';

let world: IncidentWorld;
let reader: IncidentReader;

beforeEach(async () => {
  world = new IncidentWorld();
  reader = new IncidentReader(
    world.book,
    {
      incident: async (id) => world.journal.incident(id),
      alerts: async (id) => world.journal.alerts(id),
      timeline: async (id) => world.journal.timeline(id).entries,
    },
    (alerts) => ({ expression: alerts.map(({ labels }) => labels['alertname']).join(' '), generatorUrl: '' }),
  );
  await world.poll([
    { alertname: 'Full', severity: 'warning', pod: 'a' },
    { alertname: 'Slow', severity: 'critical', pod: 'a' },
  ]);
  await world.desk.merge([2], 1, 'ml');
});
afterEach(() => world.close());

test('what has the alerts of others shows them, and is about its own', async () => {
  expect(reader.row(1)).toMatchObject({ alertCount: 2, severity: { level: 'critical' }, mergedInto: null });
  expect(await reader.detail(1)).toMatchObject({
    expression: 'Full',
    alerts: [{ labels: { alertname: 'Full' } }, { labels: { alertname: 'Slow' } }],
  });
  expect(reader.subjects([1])).toMatchObject([{ expression: 'Full' }]);
});

test('what was merged still shows what is its own, though another has it', async () => {
  expect(reader.row(2)).toMatchObject({ alertCount: 1, state: 'firing', title: 'Slow', mergedInto: 1 });
  expect(await reader.detail(2)).toMatchObject({ expression: 'Slow', alerts: [{ state: 'firing' }] });
  expect((await reader.alerts(2))?.map(({ labels }) => labels['alertname'])).toEqual(['Slow']);
});

test('a window that shows one of them sees what happens to the other', () => {
  expect(reader.related([1])).toEqual(new Set([1, 2]));
  expect(reader.related([2])).toEqual(new Set([1, 2]));
});
