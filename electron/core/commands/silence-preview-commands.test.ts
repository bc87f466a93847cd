import { expect, test } from 'vitest';
import { TallySum } from '#shared/silences/hidden-tally.ts';
import { alertRecord } from '#support/journal-records.ts';
import { silencePreviewCommands } from './silence-preview-commands.ts';

const ended = alertRecord({ incidentId: 2, labels: { alertname: 'Ended' }, endedAtMs: 5 });
const open = alertRecord({ incidentId: 2, labels: { alertname: 'Open' }, endedAtMs: null });
const over = alertRecord({ incidentId: 3, labels: { alertname: 'Over' }, endedAtMs: 5 });

const commands = silencePreviewCommands({
  openAlerts: () => [open],
  alertsOf: (id) => (id === 2 ? [ended, open] : id === 3 ? [over] : []),
  fired: () => Promise.resolve({ tally: new TallySum(), labelSets: [], next: null }),
  sourcesOf: (cluster) => (cluster === 'eu-a' ? ['eu-a', 'eu-b'] : []),
  alertSources: () => ['eu-a', 'eu-b'],
  nowMs: () => 10,
});
const context = { signal: new AbortController().signal } as Parameters<
  (typeof commands)['silence.preview']
>[1];

test('a cluster that is not there is refused by name', async () => {
  const matchers = [{ name: 'a', value: 'b', isRegex: false, isEqual: true }];
  expect(await commands['silence.preview']({ matchers, cluster: 'us' }, context)).toMatchObject({
    failure: { code: 'not-found', message: expect.stringContaining('"us"') },
  });
});

test('an incident that is not there is refused by name', async () => {
  expect(await commands['silence.suggest']({ incidentIds: [2, 7] }, context)).toMatchObject({
    failure: { code: 'not-found', message: expect.stringContaining('INC-7') },
  });
});

test('of an incident that goes on, what is over is not asked for', async () => {
  const suggest = (incidentIds: number[]) => commands['silence.suggest']({ incidentIds }, context);
  expect(await suggest([2])).toMatchObject({ value: { matchers: [{ value: 'Open' }] } });
  expect(await suggest([3])).toMatchObject({ value: { matchers: [{ value: 'Over' }] } });
  expect(await suggest([2, 3])).toMatchObject({ value: { matchers: [{ value: 'Open|Over' }] } });
});
