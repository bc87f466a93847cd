import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { exportAudit } from '#core/audit/audit-export.ts';
import { openStore, type Store } from '#core/store/store.ts';
import { Cleanup } from '#support/cleanup.ts';
import { temporaryFolder } from '#support/temporary-folder.ts';
import { runCommand } from './main.ts';

const cleanup = new Cleanup();
let directory: string;
let store: Store;

beforeEach(async () => {
  directory = temporaryFolder(cleanup);
  const opened = await openStore({
    dataDirectory: directory,
    safeMode: false,
    onNotice: () => undefined,
    nowMs: () => 10_000,
  });
  if (!opened.ok) throw new Error(opened.failure.message);
  store = opened.value;
});
afterEach(async () => {
  await store.close();
  await cleanup.run();
});

function put(count: number, stepMs: number): Promise<unknown> {
  const plain = { by: 'te', action: 'acknowledge', target: 'INC-1', outcome: 'done' };
  return store.commit(
    Array.from({ length: count }, (_, index) => ({
      kind: 'audit' as const,
      record: { ...plain, atMs: index * stepMs, detail: `line ${index}` },
    })),
  );
}

function run(...argv: string[]): { code: number; output: string[]; error: string[] } {
  const printed = { output: [] as string[], error: [] as string[] };
  const code = runCommand(argv, {
    output: (text) => void printed.output.push(text),
    error: (text) => void printed.error.push(text),
    nowMs: 10_000,
  });
  return { code, ...printed };
}

test('the command line prints the same lines while a console runs on the folder', async () => {
  await put(1_200, 1);
  const printed = run('audit', '--data', directory, '--json');
  expect(printed).toMatchObject({ code: 0, error: [] });
  const services = { journal: store, dataDirectory: directory, nowMs: () => 1 };
  const answer = await exportAudit(services, 0, new AbortController().signal);
  expect(
    readFileSync(answer.ok ? answer.value.path : '', 'utf8')
      .trimEnd()
      .split('\n'),
  ).toEqual(printed.output);
});

test('the command line prints since when it is asked, for a person', async () => {
  await put(10, 1_000);
  expect(run('audit', '--data', directory, '--since', '2s').output).toEqual([
    '1970-01-01T00:00:08.000Z  te  acknowledge  INC-1  done  line 8',
    '1970-01-01T00:00:09.000Z  te  acknowledge  INC-1  done  line 9',
  ]);
  expect(run('audit', '--data', directory, '--since', '1970-01-01T00:00:09Z').output).toHaveLength(1);
});

test('the command line says what it does not know', () => {
  expect(run('audit').code).toBe(2);
  expect(run('audit', '--data', directory, '--since', 'yesterday')).toMatchObject({ code: 2, output: [] });
  const empty = join(directory, 'empty');
  mkdirSync(empty);
  expect(run('audit', '--data', empty)).toMatchObject({ code: 1, output: [] });
});
