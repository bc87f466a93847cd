import { parentPort, receiveMessageOnPort, type MessagePort } from 'node:worker_threads';
import { commandFailure, type CommandFailure } from '#shared/failure.ts';
import { failed, messageOf, success, type Result } from '#shared/result.ts';
import type { JournalChange } from './records.ts';
import type { CommitPart, StoreAnswer, StoreRequest } from './calls.ts';
import { notOpenFailure, StoreService } from './store-service.ts';

/**
 * The storage thread: takes calls in the order they came, answers each once. Commits that wait behind one
 * another share a transaction, so that a burst costs one flush to the disk. Started by `worker-client.ts`.
 */
type CommitRequest = Extract<StoreRequest, { readonly name: 'commit' }>;
type Outcome = Result<unknown, CommandFailure>;

/** A bound on how long the first of a burst waits for the last. */
const mostCommitsTogether = 256;

let service: StoreService | undefined;

if (parentPort !== null) serve(parentPort);

function serve(port: MessagePort): void {
  port.on('message', (first: StoreRequest | CommitPart) => {
    const waiting = [first, ...takeWaiting(port)].flatMap(whole);
    while (waiting.length > 0) {
      const commits = takeCommits(waiting);
      if (commits.length > 0) answerCommits(port, commits);
      else answerOne(port, waiting.shift());
    }
  });
}

/** What has come of a commit whose last part, its request, has not. */
const begun = new Map<number, JournalChange[]>();

function whole(message: StoreRequest | CommitPart): StoreRequest[] {
  if ('partOf' in message) {
    const changes = begun.get(message.partOf);
    if (changes === undefined) begun.set(message.partOf, [...message.changes]);
    else changes.push(...message.changes);
    return [];
  }
  if (message.name !== 'commit') return [message];
  const before = begun.get(message.sequence);
  begun.delete(message.sequence);
  return [before === undefined ? message : { ...message, input: [...before, ...message.input] }];
}

function takeWaiting(port: MessagePort): (StoreRequest | CommitPart)[] {
  const taken: (StoreRequest | CommitPart)[] = [];
  for (let next = receiveMessageOnPort(port); next !== undefined; next = receiveMessageOnPort(port)) {
    taken.push(next.message as StoreRequest | CommitPart);
  }
  return taken;
}

/** Takes the commits that stand first; whatever else stands between keeps its place in the order. */
function takeCommits(waiting: StoreRequest[]): CommitRequest[] {
  const commits: CommitRequest[] = [];
  while (commits.length < mostCommitsTogether) {
    const [next] = waiting;
    if (next?.name !== 'commit') break;
    commits.push(next);
    waiting.shift();
  }
  return commits;
}

function answerCommits(port: MessagePort, commits: readonly CommitRequest[]): void {
  const startedAtMs = performance.now();
  const outcomes = service?.commitAll(commits.map(({ input }) => input));
  commits.forEach(({ sequence }, index) =>
    answer(port, sequence, outcomes?.[index] ?? failed(notOpenFailure()), startedAtMs),
  );
}

function answerOne(port: MessagePort, request: StoreRequest | undefined): void {
  if (request === undefined) return;
  const startedAtMs = performance.now();
  answer(port, request.sequence, outcomeOf(request), startedAtMs);
  if (request.name === 'close') port.close();
}

function outcomeOf(request: StoreRequest): Outcome {
  try {
    return handle(request);
  } catch (error) {
    // A bug in one call must not take the others with it; the caller gets it by name.
    const failure = commandFailure('internal', 'The store failed: ' + messageOf(error) + '.', 'Report this.');
    return failed(failure);
  }
}

function handle(request: StoreRequest): Outcome {
  if (request.name === 'open') {
    const opened = StoreService.open(request.input, request.nowMs);
    if (!opened.ok) return opened;
    service = opened.value;
    return success(service.mode);
  }
  if (service === undefined) return failed(notOpenFailure());
  if (request.name === 'commit') return service.commitAll([request.input])[0] ?? failed(notOpenFailure());
  if (request.name === 'close') return success(service.close());
  const handler = service.handlers[request.name] as (input: unknown, nowMs: number) => Outcome;
  return handler(request.input, request.nowMs);
}

function answer(port: MessagePort, sequence: number, outcome: Outcome, startedAtMs: number): void {
  const tookMs = performance.now() - startedAtMs;
  port.postMessage({
    sequence,
    outcome,
    tookMs,
    notices: service?.takeNotices() ?? [],
  } satisfies StoreAnswer);
}
