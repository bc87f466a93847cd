import { beforeEach, expect, test } from 'vitest';
import { IncidentBook, type BookDraft } from '#core/incidents/incident-book.ts';
import type { JournalChange } from '#core/store/records.ts';
import type { TimelineEntry } from '#shared/model/incident.ts';
import { runbookStep, stepStates, stepWords } from '#shared/model/runbook.ts';
import { emptyJournal, incidentRecord } from '#support/journal-records.ts';
import { RunbookSteps } from './runbook-steps.ts';

const look = runbookStep('0123456789abcdef', 'Look [at] the pool');
const other = runbookStep('fedcba9876543210', 'Look [at] the pool');

let changes: JournalChange[];
let steps: RunbookSteps;
let nowMs: number;

beforeEach(() => {
  changes = [];
  nowMs = 100;
  const book = new IncidentBook({
    ...emptyJournal,
    lastIncidentId: 7,
    incidents: [incidentRecord({ id: 7 })],
  });
  steps = new RunbookSteps({
    book,
    journal: {
      incident: async (id) => (id === 3 ? incidentRecord({ id: 3 }) : null),
      timeline: async () => timeline(),
    },
    desk: {
      record: async (change: (draft: BookDraft) => void) => {
        const draft = book.draft();
        change(draft);
        changes.push(...draft.changes());
        book.apply(draft);
      },
    },
    nowMs: () => nowMs++,
  });
});

function timeline(): TimelineEntry[] {
  return changes.flatMap((change, id) =>
    change.kind === 'timeline' ? [{ id, of: null, ...change.record }] : [],
  );
}

test('a step is done by whoever did it first, open again, and done again: all of it in the timeline', async () => {
  expect(await steps.check(7, look, true, 'te')).toEqual({
    ok: true,
    value: { changed: [{ id: 7, revision: 2 }] },
  });
  await steps.check(7, look, true, 'ml');
  expect(stepStates(timeline()).get(look.digest)).toEqual({ isDone: true, by: 'te', atMs: 100 });
  await steps.check(7, look, false, 'ml');
  expect(stepStates(timeline()).get(look.digest)).toEqual({ isDone: false, by: 'ml', atMs: 101 });
  await steps.check(7, look, true, 'ml');
  expect(timeline().map(({ kind, text, by }) => `${kind}: ${text} by ${by}`)).toEqual([
    'runbook-step: Step done by te',
    'runbook-step: Step open again by ml',
    'runbook-step: Step done by ml',
  ]);
  expect(timeline().map(stepWords)).toEqual(Array.from({ length: 3 }, () => 'Look [at] the pool'));
});

test('a step of the same words elsewhere is another step', async () => {
  await steps.check(7, look, true, 'te');
  expect(stepStates(timeline()).has(other.digest)).toBe(false);
});

test('what two windows ask at once is done once', async () => {
  await Promise.all([steps.check(7, look, true, 'te'), steps.check(7, look, true, 'te')]);
  expect(timeline()).toHaveLength(1);
});

test('each is in the audit trail, with its words', async () => {
  await steps.check(7, look, true, 'te');
  await steps.check(7, look, false, 'te');
  const audit = changes.flatMap((change) => (change.kind === 'audit' ? [change.record] : []));
  expect(audit).toEqual([
    {
      atMs: 100,
      by: 'te',
      action: 'tick step',
      target: 'INC-7',
      outcome: 'done',
      detail: 'Look [at] the pool',
    },
    {
      atMs: 101,
      by: 'te',
      action: 'open step',
      target: 'INC-7',
      outcome: 'done',
      detail: 'Look [at] the pool',
    },
  ]);
});

test('an incident that is long over still has its runbook; one that never was has none', async () => {
  expect((await steps.check(3, look, true, 'te')).ok).toBe(true);
  expect(timeline()).toMatchObject([{ incidentId: 3 }]);
  expect(await steps.check(9, look, true, 'te')).toMatchObject({ failure: { code: 'not-found' } });
});
