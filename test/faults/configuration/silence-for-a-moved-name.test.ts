import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { startAlertmanagerDouble } from '#support/alertmanager-double.ts';
import { Cleanup } from '#support/cleanup.ts';
import { writeConfiguration } from '#support/configuration-file.ts';
import { forkCoreUnderTest } from '#support/forked-core.ts';
import { temporaryFolder } from '#support/temporary-folder.ts';

/**
 * A silence is in the outbox, and somebody gives the name of its Alertmanager to another one, or another tenant:
 * that one must not get it, neither from this console nor from the next one on the same data.
 */
const cleanup = new Cleanup();
afterAll(() => cleanup.run());

// They wait for the ten seconds in which a silence can be undone.
test.concurrent.each([
  ['another address', 'while the console runs'],
  ['another address', 'while the console is off'],
  ['another tenant', 'while the console is off'],
])('%s %s: what waits is a question, and nothing is sent', async (change, when) => {
  const folder = temporaryFolder(cleanup);
  const dataDirectory = join(folder, 'data');
  const meant = await startAlertmanagerDouble(cleanup);
  const other = await startAlertmanagerDouble(cleanup);
  const source = { name: 'am', kind: 'alertmanager', url: meant.url } as const;
  const configurationPath = writeConfiguration(folder, [source]);

  const core = forkCoreUnderTest({ dataDirectory, configurationPath }, cleanup);
  let link = await core.connect();
  await link.until('it is seen', 'console', (status) => status.sight.kind === 'live');
  const nowMs = Date.now();
  const { outboxId } = await link.call('silence.save', {
    draft: {
      matchers: [{ name: 'alertname', value: 'DiskFull', isRegex: false, isEqual: true }],
      startsAtMs: nowMs,
      endsAtMs: nowMs + 3_600_000,
      comment: 'the disk is changed',
      endsAfterQuietMs: null,
    },
    cluster: 'am',
    replaces: null,
    incidentIds: [],
  });
  if (when === 'while the console is off') await core.kill();
  const moved = change === 'another tenant' ? { ...source, tenant: 'other' } : { ...source, url: other.url };
  writeConfiguration(folder, [moved]);
  if (when === 'while the console is off')
    link = await forkCoreUnderTest({ dataDirectory, configurationPath }, cleanup).connect();

  const entries = await link.until('a person is asked', 'outbox', (all) =>
    all.some(({ id, state }) => id === outboxId && state === 'conflict'),
  );
  expect(entries[0]).toMatchObject({
    isDisplaced: true,
    conflict: expect.stringContaining(`am (${meant.url})`),
  });
  expect([meant.changes, other.changes]).toEqual([[], []]);
  await link.call('outbox.settle', { id: outboxId, choice: 'theirs' });
  await link.until('it is put away', 'outbox', (all) => all.some(({ state }) => state === 'withdrawn'));
  expect([meant.changes, other.changes]).toEqual([[], []]);
});
