import type { Simulation } from '../simulation/simulation.ts';
import { bucketMs, longestRequestMs } from '../simulation/requests.ts';
import type { LogEntry } from './log-entry.ts';
import { linesOfRequest } from './request-lines.ts';
import { createServiceLines } from './service-lines.ts';

/**
 * The demo's log lines by time. None is stored: the lines of ten seconds are made when somebody asks, the
 * same whenever that is, and kept for a while. Nothing lies in the future or before the retention.
 */
export interface LogStore {
  /**
   * Lines of [from, to) in order of time, newest first where `backward`; a generator, so that a limit
   * spares what lies behind it.
   */
  entries(range: LogRange, direction: Direction): Generator<LogEntry>;
}

export type Direction = 'forward' | 'backward';

/** Unix nanoseconds; the end is not included. */
export interface LogRange {
  readonly fromNs: bigint;
  readonly toNs: bigint;
}

const million = 1_000_000n;
/** An hour, about 36,000 lines: three would cost far more memory than the time they save. */
const keptBuckets = 400;

export function createLogStore(
  seed: number,
  { schedule, conditions, requests }: Pick<Simulation, 'schedule' | 'conditions' | 'requests'>,
  retentionMs: number,
  nowMs: () => number,
): LogStore {
  const serviceLines = createServiceLines(seed, schedule, conditions);
  const buckets = new Map<number, readonly LogEntry[]>();
  const begun = new Map<number, readonly LogEntry[]>();
  /** Lines of the requests that began in that ten seconds; neighbours ask for them twice. */
  const linesBegunIn = (bucket: number): readonly LogEntry[] => {
    const lines = begun.get(bucket) ?? requests.inBucket(bucket).flatMap(linesOfRequest);
    return remember(begun, bucket, lines, 4);
  };
  /** Lines that are written in that ten seconds: also those of requests that began before it. */
  const make = (bucket: number): readonly LogEntry[] => {
    const entries = [...serviceLines(bucket)];
    const [fromMs, toMs] = [bucket * bucketMs, (bucket + 1) * bucketMs];
    for (let before = bucket - Math.ceil(longestRequestMs / bucketMs); before <= bucket; before++) {
      for (const entry of linesBegunIn(before)) {
        if (entry.atMs >= fromMs && entry.atMs < toMs) entries.push(entry);
      }
    }
    return entries.sort((left, right) => left.atMs - right.atMs || left.nano - right.nano);
  };
  const bucketOf = (bucket: number): readonly LogEntry[] =>
    remember(buckets, bucket, buckets.get(bucket) ?? make(bucket), keptBuckets);
  return {
    *entries({ fromNs, toNs }, direction) {
      const now = nowMs();
      const from = position(larger(fromNs, BigInt(now - retentionMs) * million));
      const to = position(smaller(toNs, BigInt(now) * million));
      const [first, last] = [Math.floor(from.ms / bucketMs), Math.floor(to.ms / bucketMs)];
      const isIn = ({ atMs, nano }: LogEntry): boolean =>
        (atMs > from.ms || (atMs === from.ms && nano >= from.nano)) &&
        (atMs < to.ms || (atMs === to.ms && nano < to.nano));
      if (direction === 'forward') {
        for (let bucket = first; bucket <= last; bucket++) yield* bucketOf(bucket).filter(isIn);
      } else {
        for (let bucket = last; bucket >= first; bucket--) yield* bucketOf(bucket).filter(isIn).reverse();
      }
    },
  };
}

export function nanosecondsOfEntry({ atMs, nano }: LogEntry): string {
  return `${atMs}${String(nano).padStart(6, '0')}`;
}

function position(ns: bigint): { readonly ms: number; readonly nano: number } {
  return { ms: Number(ns / million), nano: Number(ns % million) };
}

function larger(left: bigint, right: bigint): bigint {
  return left > right ? left : right;
}

function smaller(left: bigint, right: bigint): bigint {
  return left < right ? left : right;
}

/** Puts a value where it is the last to be forgotten. */
function remember<Value>(known: Map<number, Value>, key: number, value: Value, most: number): Value {
  known.delete(key);
  const [oldest] = known.keys();
  if (known.size >= most && oldest !== undefined) known.delete(oldest);
  known.set(key, value);
  return value;
}
