import { afterEach, beforeEach, expect, test } from 'vitest';
import { openStore, type Store } from '#core/store/store.ts';
import { Cleanup } from '#support/cleanup.ts';
import { temporaryFolder } from '#support/temporary-folder.ts';
import { runCommand } from './main.ts';

const nowMs = 1_795_230_000_000;
const cleanup = new Cleanup();
let directory: string;
let store: Store;

beforeEach(async () => {
  directory = temporaryFolder(cleanup);
  const opened = await openStore({
    dataDirectory: directory,
    safeMode: false,
    onNotice: () => undefined,
    nowMs: () => nowMs,
  });
  if (!opened.ok) throw new Error(opened.failure.message);
  store = opened.value;
});
afterEach(async () => {
  await store.close();
  await cleanup.run();
});

function run(...argv: string[]): { code: number; output: string[]; error: string[] } {
  const printed = { output: [] as string[], error: [] as string[] };
  const code = runCommand(argv, {
    output: (text) => void printed.output.push(text),
    error: (text) => void printed.error.push(text),
    nowMs,
  });
  return { code, ...printed };
}

function silence(id: string, endsAtMs: number): object {
  return {
    id,
    state: 'active',
    matchers: [{ name: 'alertname', value: 'Disk\u202eFull', isRegex: true, isEqual: true }],
    createdBy: 'anna',
    comment: 'the disk\nis changed',
    annotations: {},
    startsAtMs: nowMs - 60_000,
    endsAtMs,
    updatedAtMs: nowMs - 60_000,
  };
}

async function keep(): Promise<void> {
  const silences = [silence('one', nowMs + 3_600_000), silence('two', nowMs - 5_000)];
  const text = JSON.stringify([{ source: 'alertmanager', heardAtMs: nowMs - 30_000, peers: [], silences }]);
  await store.putText('silences', text);
}

test('what is in force is printed in a line each, with its age, while a console has the folder', async () => {
  await keep();
  expect(run('silences', '--data', directory)).toEqual({
    code: 0,
    error: [],
    output: [
      '  alertmanager  one  ends in 1h 00m  heard 30s ago  anna  {alertname=~"DiskFull"}  the disk is changed',
    ],
  });
  expect(run('silences', '--data', directory, '--all').output.join()).toContain('two  ended 5s ago');
});

test('one object a line, without what only a running console knows', async () => {
  await keep();
  const { output } = run('silences', '--data', directory, '--all', '--json');
  expect(output.map((line) => JSON.parse(line) as unknown)).toMatchObject([
    { key: 'alertmanager/one', state: 'active', heardAtMs: nowMs - 30_000 },
    { key: 'alertmanager/two', state: 'expired' },
  ]);
  expect(output.join()).not.toContain('silencedCount');
});

test('nothing kept, nothing there, and a call that is not understood', async () => {
  expect(run('silences', '--data', directory)).toMatchObject({ code: 0, output: [] });
  await store.putText('silences', 'damaged');
  expect(run('silences', '--data', directory)).toMatchObject({ code: 0, output: [], error: [] });
  expect(run('silences', '--data', `${directory}/none`)).toMatchObject({ code: 1 });
  expect(run('silences')).toMatchObject({ code: 2 });
});
