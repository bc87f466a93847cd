import { expect, test } from 'vitest';
import { DurableWriter } from '#core/incidents/durable-writer.ts';
import { IncidentBook } from '#core/incidents/incident-book.ts';
import { IncidentDesk } from '#core/incidents/incident-desk.ts';
import { NoticeBoard } from '#core/notices.ts';
import type { JournalChange } from '#core/store/records.ts';
import { fingerprintOf } from '#shared/model/labels.ts';
import { success } from '#shared/result.ts';
import { emptyJournal } from '#support/journal-records.ts';
import { leaveDemo } from './leave-demo.ts';

/** What a source tells that fires. */
function firing(source: string, service: string) {
  const labels = { alertname: 'Down', service, severity: 'critical' };
  const alert = {
    fingerprint: fingerprintOf(labels),
    labels,
    annotations: {},
    startsAtMs: 500,
    generatorUrl: '',
    state: 'firing' as const,
    silencedBy: [],
    inhibitedBy: [],
  };
  return { source, atMs: 1_000, serverStartedAtMs: 1, alerts: [alert] };
}

function consoleParts() {
  const journal: JournalChange[] = [];
  const book = new IncidentBook(emptyJournal);
  const desk = new IncidentDesk({
    book,
    writer: new DurableWriter({
      journal: {
        commit: async (changes) => {
          journal.push(...changes);
          return success(undefined);
        },
      },
      onTrouble: () => undefined,
      onRefused: () => undefined,
    }),
    nowMs: () => 9_000,
    groupBy: () => ['service'],
    isFresh: () => true,
    beforeCommit: () => undefined,
    show: () => [],
    onKept: () => undefined,
  });
  return { journal, book, desk, notices: new NoticeBoard([], () => undefined) };
}

test('who leaves the demo reads once that its incidents were closed; their own are not', async () => {
  const { journal, book, desk, notices } = consoleParts();
  await desk.observe(firing('demo-alertmanager', 'checkout'));
  await desk.observe({ ...firing('own', 'billing'), serverStartedAtMs: 2 });
  await leaveDemo(desk, notices, ['own'], 9_000);
  expect([...book.incidents()].map(({ resolvedAtMs }) => resolvedAtMs)).toEqual([9_000, null]);
  expect(notices.list()).toMatchObject([
    { severity: 'info', message: 'The demo fleet was left: its open incident was closed.' },
  ]);
  expect(journal).toContainEqual({ kind: 'notice', record: notices.list()[0] });
  await leaveDemo(desk, notices, ['own'], 10_000);
  expect(notices.list()).toHaveLength(1);
});

test('a console that never had the demo says nothing of it', async () => {
  const { desk, notices } = consoleParts();
  await desk.observe(firing('own', 'billing'));
  await leaveDemo(desk, notices, ['own'], 9_000);
  expect(notices.list()).toEqual([]);
});
