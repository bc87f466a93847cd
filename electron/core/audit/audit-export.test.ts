import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AuditEntry } from '#core/store/journal/audit-page.ts';
import { openStore, type Store } from '#core/store/store.ts';
import { Cleanup } from '#support/cleanup.ts';
import { temporaryFolder } from '#support/temporary-folder.ts';
import { exportAudit } from './audit-export.ts';
import { auditLine } from './audit-line.ts';

const cleanup = new Cleanup();
const context = new AbortController().signal;
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

const nowMs = Date.UTC(2026, 10, 21, 3, 12, 8, 123);
const plain = { by: 'te', action: 'acknowledge', target: 'INC-1', outcome: 'done', detail: '' };

function put(count: number, atMs = (index: number) => index): Promise<unknown> {
  return store.commit(
    Array.from({ length: count }, (_, index) => ({
      kind: 'audit' as const,
      record: { ...plain, atMs: atMs(index), detail: `line ${index}` },
    })),
  );
}

const exported = (sinceMs = 0) =>
  exportAudit({ journal: store, dataDirectory: directory, nowMs: () => nowMs }, sinceMs, context);

test('each line is one object of its own, whatever was typed', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('\n', '\r\n', '\u2028', '"', '\\', '\0', '\u{1F525}'),
  );
  const entry: fc.Arbitrary<AuditEntry> = fc.record({
    id: fc.nat(),
    atMs: fc.integer({ min: 0, max: 8.64e15 }),
    by: text,
    action: text,
    target: text,
    outcome: text,
    detail: text,
  });
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 20 }), (entries) => {
      const lines = entries.map(auditLine);
      const file = new TextDecoder().decode(
        new TextEncoder().encode(lines.map((line) => `${line}\n`).join('')),
      );
      const back = file.split('\n').slice(0, -1);
      expect(back).toHaveLength(entries.length);
      // oxlint-disable-next-line no-control-regex -- no raw control character may stand in a line
      for (const line of back) expect(line).not.toMatch(/[\u0000-\u001F]/u);
      const read = back.map((line) => {
        const { at, ...rest } = JSON.parse(line) as Omit<AuditEntry, 'atMs'> & { at: string };
        return { ...rest, atMs: Date.parse(at) };
      });
      expect(read).toEqual(entries);
    }),
    { numRuns: 300 },
  );
});

test('what people typed comes back out of the journal and the file as it was', async () => {
  const hostile = 'line\nbreak\r\n\t"quotes" \\ \u2028 \u0007 \u{1F525} <script>';
  await store.commit([{ kind: 'audit', record: { ...plain, atMs: 5, target: hostile, detail: hostile } }]);
  const answer = await exported();
  if (!answer.ok) throw new Error(answer.failure.message);
  const [line = ''] = readFileSync(answer.value.path, 'utf8').split('\n');
  expect(JSON.parse(line)).toEqual({
    id: 1,
    at: '1970-01-01T00:00:00.005Z',
    ...plain,
    target: hostile,
    detail: hostile,
  });
});

test('a trail of many pages is written whole, in order, by a page at a time, for its owner alone', async () => {
  await put(2_500);
  const answer = await exported();
  expect(answer).toEqual({
    ok: true,
    value: { path: join(directory, 'exports', 'audit-20261121T031208123Z.jsonl'), lines: 2_500 },
  });
  const path = answer.ok ? answer.value.path : '';
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  expect(lines.map((line) => (JSON.parse(line) as { id: number }).id)).toEqual(
    lines.map((_, index) => index + 1),
  );
  expect(lines).toHaveLength(2_500);
  expect(statSync(path).mode & 0o077).toBe(0);
  expect(readdirSync(join(directory, 'exports'))).toHaveLength(1);
});

test('only what is new enough is written', async () => {
  await put(10, (index) => index * 1_000);
  expect(await exported(7_000)).toMatchObject({ value: { lines: 3 } });
});

test('a folder that is none is a failure with its words, and leaves nothing behind', async () => {
  writeFileSync(join(directory, 'exports'), 'in the way');
  expect(await exported()).toMatchObject({ ok: false, failure: { code: 'unavailable' } });
});

test('one that is given up leaves nothing behind', async () => {
  await put(10);
  const answer = await exportAudit(
    { journal: store, dataDirectory: directory, nowMs: () => nowMs },
    0,
    AbortSignal.abort(),
  );
  expect(answer).toMatchObject({ failure: { code: 'cancelled' } });
  expect(readdirSync(join(directory, 'exports'))).toEqual([]);
});
