import { beforeEach, expect, test } from 'vitest';
import { IncidentBook, type BookDraft } from '#core/incidents/incident-book.ts';
import type { AuditRecord } from '#core/store/records.ts';
import { contract, type CommandName, type Commands } from '#shared/contract.ts';
import { commandFailure } from '#shared/failure.ts';
import { failed, success } from '#shared/result.ts';
import type { Handlers } from '#shared/rpc/server.ts';
import { emptyJournal } from '#support/journal-records.ts';
import { auditRules, readingCommands } from './audited-commands.ts';
import { audited } from './audited.ts';

type AnyHandler = (input: unknown, context: unknown) => Promise<unknown>;

let told: AuditRecord[];

beforeEach(() => {
  told = [];
});

/** One command as the core has it, with what becomes of it. */
function commandOf(name: string, becomes: () => Promise<unknown>): (input: unknown) => Promise<unknown> {
  const handlers = { [name]: becomes } as unknown as Handlers<Commands>;
  const services = {
    desk: {
      record: async (change: (draft: BookDraft) => void) => {
        const draft = new IncidentBook(emptyJournal).draft();
        change(draft);
        for (const one of draft.changes()) if (one.kind === 'audit') told.push(one.record);
      },
    },
    operator: () => 'te',
    nowMs: () => 7,
  };
  const wrapped = audited(handlers, services) as unknown as Readonly<Record<string, AnyHandler>>;
  return (input) => wrapped[name]?.(input, {}) ?? Promise.reject(new Error('no handler'));
}

const draft = { name: 'prom', kind: 'prometheus', url: 'http://prom.example' };

test('each command of the contract is told in the trail or known to change nothing', () => {
  const known = new Set<string>([...Object.keys(auditRules), ...readingCommands]);
  const open = Object.keys(contract.commands).filter((name) => !known.has(name));
  expect(open).toEqual([]);
  expect(Object.keys(auditRules).filter((name) => readingCommands.has(name as CommandName))).toEqual([]);
});

test('what is done is told with who, what and to what', async () => {
  await commandOf('settings.saveSource', async () => success({}))({ draft, replaces: 'old' });
  expect(told).toEqual([
    {
      atMs: 7,
      by: 'te',
      action: 'save source',
      target: 'prom',
      outcome: 'done',
      detail: 'prometheus at http://prom.example, was old',
    },
  ]);
});

test('what is refused is told with the name and the words of the failure, also of what tells its success itself', async () => {
  const refusal = failed(commandFailure('conflict', 'INC-2 is still reported', 'Wait.'));
  expect(await commandOf('incident.close', async () => refusal)({ ids: [2] })).toBe(refusal);
  expect(told).toMatchObject([
    { action: 'close', target: 'INC-2', outcome: 'conflict', detail: 'INC-2 is still reported' },
  ]);
});

test('what tells its success itself is not told twice', async () => {
  await commandOf('incident.acknowledge', async () => success({ changed: [] }))({ ids: [1, 2] });
  expect(told).toEqual([]);
});

test('a bug is told and goes on', async () => {
  const broken = commandOf('rules.reload', () => Promise.reject(new Error('no such thing')));
  await expect(broken({})).rejects.toThrow('no such thing');
  expect(told).toMatchObject([{ action: 'reload rules', outcome: 'internal', detail: 'no such thing' }]);
});

test('what only asks leaves no line', async () => {
  await commandOf('source.poll', async () => success({}))({ names: [] });
  await commandOf('source.test', async () => success({}))({ draft, secretsTo: [] });
  expect(told).toEqual([]);
});

test('agreeing where a secret may go is told', async () => {
  await commandOf('source.test', async () => success({}))({ draft, secretsTo: ['http://prom.example'] });
  expect(told).toMatchObject([{ action: 'try source', detail: 'secrets may go to http://prom.example' }]);
});

test('a command that nobody thought of here is told by its name', async () => {
  await commandOf('later.made', async () => success({}))({ any: 'input' });
  expect(told).toMatchObject([{ action: 'later.made', target: '', outcome: 'done' }]);
});

test('a thousand incidents are counted, not listed', async () => {
  const refusal = failed(commandFailure('read-only', 'the disk is full', 'Make room.'));
  const ids = Array.from({ length: 1_000 }, (_, index) => index + 1);
  await commandOf('incident.snooze', async () => refusal)({ ids, untilMs: null });
  expect(told[0]?.target).toMatch(/^INC-1, .*, INC-20 and 980 more$/);
});
