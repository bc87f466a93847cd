import { existsSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';
import Database from 'better-sqlite3';

/**
 * Loaded by a core before anything else (`--import`), in each of its threads: kills the whole process at
 * one step of the way of a notification, chosen by `OPSSIGHT_TEST_KILL_AT`. Steps of the thread `sqlite`
 * are the statements that the database is about to run, transactions' BEGIN and COMMIT among them; steps
 * of the thread `main` are the messages to and from the host. Counting begins once the file
 * `OPSSIGHT_TEST_KILL_ARMED` is there.
 */
const [thread, number] = (process.env['OPSSIGHT_TEST_KILL_AT'] ?? '').split(':');
const armedFile = process.env['OPSSIGHT_TEST_KILL_ARMED'] ?? '';
let left = Number(number);

function step(): void {
  if (!existsSync(armedFile)) return;
  if (left === 0) process.kill(process.pid, 'SIGKILL');
  left--;
}

if (thread === 'sqlite' && !isMainThread) countStatements();
if (thread === 'main' && isMainThread) countMessages();

/** Transactions run their BEGIN, SAVEPOINT and COMMIT through the same class of statements. */
function countStatements(): void {
  const database = new Database(':memory:');
  const statements = Object.getPrototypeOf(database.prepare('SELECT 1')) as Database.Statement;
  database.close();
  const run: Database.Statement['run'] = Reflect.get(statements, 'run');
  statements.run = function (...parameters) {
    step();
    return run.apply(this, parameters);
  };
}

/** A step before and one after each message about a notification, in either direction. */
function countMessages(): void {
  const send = process.send?.bind(process);
  if (send === undefined) throw new Error('this is no core under a host');
  process.send = (message: unknown, ...rest: unknown[]): boolean => {
    const counts = kindOf(message) === 'notify';
    if (counts) step();
    const sent = (send as (...all: unknown[]) => boolean)(message, ...rest);
    if (counts) step();
    return sent;
  };
  process.on('message', (message) => {
    if (kindOf(message) === 'notification-outcome') step();
  });
}

function kindOf(message: unknown): unknown {
  return typeof message === 'object' && message !== null && 'kind' in message ? message.kind : undefined;
}
