import { formatSpan } from '#shared/time.ts';
import type { Conditions } from '../simulation/conditions.ts';
import { Dice } from '../simulation/dice.ts';
import { deployedPods } from '../simulation/faults.ts';
import { backendVersions, nodes, pods } from '../simulation/platform.ts';
import { bucketMs } from '../simulation/requests.ts';
import type { Schedule } from '../simulation/schedule.ts';
import { jsonLine, streamOfPod, type JsonLine, type Level, type LogEntry } from './log-entry.ts';

/**
 * Lines that belong to no request: probes, the database's and the cache's own logs, the pipeline's queue,
 * the nodes. Drawn for each ten seconds from the signals of the faults.
 */
export type ServiceLines = (bucket: number) => readonly LogEntry[];

export function createServiceLines(seed: number, schedule: Schedule, conditions: Conditions): ServiceLines {
  const writers = [
    probes(conditions),
    postgres(conditions),
    redis(conditions),
    pipeline(schedule, conditions),
    security(schedule, conditions),
    business(conditions),
    ...nodes.map(({ name }) => kubelet(name, conditions)),
  ];
  return (bucket) => {
    const dice = new Dice(seed, 'service lines', bucket);
    const page: Page = { fromMs: bucket * bucketMs, dice, entries: [] };
    for (const write of writers) write(page);
    return page.entries;
  };
}

interface Page {
  readonly fromMs: number;
  readonly dice: Dice;
  readonly entries: LogEntry[];
}
type Writer = (page: Page) => void;

function put(page: Page, pod: string, level: Level, text: string | ((atMs: number) => string)): void {
  const atMs = page.fromMs + Math.floor(page.dice.unit() * bucketMs);
  page.entries.push({
    atMs,
    nano: page.dice.whole(0, 999_999),
    stream: streamOfPod(pod),
    line: typeof text === 'string' ? text : text(atMs),
    metadata: { detected_level: level },
  });
}

function putJson(page: Page, pod: string, line: Omit<JsonLine, 'context' | 'metadata'>): void {
  put(page, pod, line.level, (atMs) => jsonLine(atMs, { ...line, context: {}, metadata: {} }));
}

function middleOf(page: Page): number {
  return page.fromMs + bucketMs / 2;
}

/** One of `share` buckets. */
function seldom(page: Page, share: number): boolean {
  return page.dice.chance(share);
}

function probes(conditions: Conditions): Writer {
  const all = pods.map((pod) => ({ pod, down: conditions.signal('node.down', pod.node) }));
  return (page) => {
    for (const { pod, down } of all) {
      if (down.levelAt(middleOf(page)) > 0) continue;
      putJson(page, pod.name, {
        level: 'debug',
        message: `GET /healthz 200 in ${page.dice.whole(1, 3)} ms`,
        category: 'api_request',
        component: pod.service,
        logger: 'app.health',
      });
    }
  };
}

const statement = 'SELECT id, severity, status FROM incidents WHERE team_id = $1 ORDER BY created_at DESC';

function postgres(conditions: Conditions): Writer {
  const connections = conditions.signal('postgres.connections', '');
  const queryTime = conditions.signal('postgres.queryTime', '');
  const stamp = (atMs: number): string =>
    `${new Date(atMs).toISOString().replace('T', ' ').slice(0, 23)} UTC`;
  return (page) => {
    const { dice } = page;
    const say = (level: Level, text: string): void => {
      const process = `[${dice.whole(210, 940)}]`;
      put(page, 'pg-1', level, (atMs) => `${stamp(atMs)} ${process} ${text}`);
    };
    const addition = connections.levelAt(middleOf(page));
    say('debug', `LOG:  connection authorized: user=opssight database=opssight application_name=backend`);
    if (seldom(page, 0.5)) say('debug', 'LOG:  disconnection: session time: 0:04:12.118 user=opssight');
    if (seldom(page, 1 / 30)) {
      const written = dice.whole(640, 1_900);
      const share = (written / 164).toFixed(1);
      say(
        'info',
        `LOG:  checkpoint complete: wrote ${written} buffers (${share} %), write=${dice.between(6, 9).toFixed(3)} s, sync=0.0${dice.whole(10, 60)} s`,
      );
    }
    if (seldom(page, 1 / 40))
      say('info', 'LOG:  automatic vacuum of table "opssight.public.events": index scans: 1');
    const slow = dice.times(queryTime.levelAt(middleOf(page)) * 2.2);
    for (let count = 0; count < slow; count++) {
      say('warn', `LOG:  duration: ${dice.between(900, 2_900).toFixed(3)} ms  statement: ${statement}`);
    }
    const refused = dice.times(addition > 40 ? (addition - 40) / 4 : 0);
    for (let count = 0; count < refused; count++) {
      say('error', 'FATAL:  remaining connection slots are reserved for roles with the SUPERUSER attribute');
    }
  };
}

function redis(conditions: Conditions): Writer {
  const evictions = conditions.signal('redis.evictions', '');
  const memory = conditions.signal('redis.memoryShare', '');
  const stamp = (atMs: number): string => {
    const [, day, month, year, time] = new Date(atMs).toUTCString().split(' ');
    return `${day} ${month} ${year} ${time}.${String(atMs % 1_000).padStart(3, '0')}`;
  };
  return (page) => {
    const { dice } = page;
    const say = (level: Level, sign: '*' | '#', text: string): void =>
      put(page, 'redis-0', level, (atMs) => `1:M ${stamp(atMs)} ${sign} ${text}`);
    if (seldom(page, 1 / 4)) say('info', '*', `${dice.whole(100, 900)} changes in 60 seconds. Saving...`);
    if (seldom(page, 1 / 4))
      say('info', '*', `DB saved on disk, fork used ${dice.whole(9, 22)} MB copy-on-write`);
    const evicted = evictions.levelAt(middleOf(page));
    if (evicted < 10) return;
    const share = Math.min(99, Math.round(100 * (0.62 + memory.levelAt(middleOf(page)))));
    say(
      'warn',
      '#',
      `used_memory at ${share}% of maxmemory, evicting ${Math.round(evicted)} keys/s (allkeys-lru)`,
    );
    if (seldom(page, 0.3))
      say('error', '#', "OOM command not allowed when used memory > 'maxmemory', script aborted");
  };
}

function pipeline(schedule: Schedule, conditions: Conditions): Writer {
  const queued = conditions.signal('pipeline.queue', '');
  const pod = 'pipeline-59bd-r7jkp';
  return (page) => {
    const { dice, fromMs } = page;
    const say = (level: Level, message: string): void =>
      putJson(page, pod, {
        level,
        message,
        category: 'pipeline',
        component: 'pipeline',
        logger: 'pipeline.queue',
      });
    const jobs = Math.round(queued.levelAt(middleOf(page)));
    if (jobs > 20) {
      const oldest = formatSpan((14 + jobs * 1.3) * 1_000);
      say(
        jobs > 150 ? 'warn' : 'info',
        `run ${dice.whole(4_000, 4_999)} queued behind ${jobs} jobs, oldest ${oldest}`,
      );
    } else if (seldom(page, 0.2)) say('info', `queue holds ${dice.whole(4, 16)} jobs, 8 runners`);
    for (const fault of schedule.faultsOf('pool-exhaustion', fromMs, fromMs + bucketMs)) {
      const began = (atMs: number): boolean => atMs >= fromMs && atMs < fromMs + bucketMs;
      const pods = `${deployedPods.length} of ${deployedPods.length + 1} pods`;
      if (began(fault.startsAtMs)) say('info', `deploy of backend ${backendVersions.next} reached ${pods}`);
      if (began(fault.recoversAtMs))
        say('warn', `rolled back backend to ${backendVersions.stable} on ${pods}`);
    }
  };
}

function security(schedule: Schedule, conditions: Conditions): Writer {
  const threats = conditions.signal('security.highThreats', '');
  return (page) => {
    const line = { category: 'security', component: 'security', logger: 'auth.threats' };
    const pod = 'auth-66c5-m4tqr';
    const at = middleOf(page);
    const address = schedule.faultsOf('brute-force', at, at)[0]?.target ?? '';
    const events = address === '' ? 0 : page.dice.times(threats.levelAt(at) * 30);
    for (let count = 0; count < events; count++) {
      const message = `credential stuffing from ${address}, ${page.dice.whole(8, 40)} accounts tried, address blocked`;
      putJson(page, pod, { ...line, level: 'critical', message });
    }
    if (seldom(page, 0.15)) {
      putJson(page, pod, {
        ...line,
        level: 'info',
        message: `rate limit reached for token ${page.dice.hex(6)}`,
      });
    }
  };
}

function business(conditions: Conditions): Writer {
  const lost = conditions.signal('business.lostUsers', '');
  return (page) => {
    const line = { category: 'business', component: 'business', logger: 'insights.usage' };
    const users = Math.round(lost.levelAt(middleOf(page)));
    if (users > 100 && seldom(page, 0.4)) {
      const message = `active users ${users} below the usual for this hour`;
      putJson(page, 'insights-84fd-c9xlw', { ...line, level: 'warn', message });
    }
    if (seldom(page, 0.3)) {
      const message = `flushed ${page.dice.whole(20, 90)} usage events`;
      putJson(page, 'insights-84fd-c9xlw', { ...line, level: 'info', message });
    }
  };
}

function kubelet(node: string, conditions: Conditions): Writer {
  const down = conditions.signal('node.down', node);
  const memory = conditions.signal('node.memoryShare', node);
  const disk = conditions.signal('node.diskShare', node);
  const others = nodes.map(({ name }) => ({ name, down: conditions.signal('node.down', name) }));
  return (page) => {
    const { dice } = page;
    const at = middleOf(page);
    if (down.levelAt(at) > 0) return;
    const say = (level: Level, source: string, text: string): void =>
      put(page, node, level, (atMs) => klog(level, atMs, source, text));
    if (seldom(page, 0.25))
      say('info', 'kubelet.go:2451', '"SyncLoop (PROBE)" probe="readiness" status="ready"');
    const gone = others.find((other) => other.down.levelAt(at) > 0);
    if (node === 'node-1' && gone !== undefined) {
      say(
        'error',
        'node_lifecycle.go:715',
        `"Node is unresponsive" node="${gone.name}" status="NodeNotReady"`,
      );
    }
    if (memory.levelAt(at) > 0.25) {
      const free = dice.whole(90, 320);
      say(
        'warn',
        'eviction_manager.go:350',
        `"Attempting to reclaim" resourceName="memory" available="${free}Mi"`,
      );
      if (seldom(page, 0.2))
        say(
          'error',
          'oom_watcher.go:77',
          `"Out of memory: killed process" pid=${dice.whole(9_000, 31_000)} name="python"`,
        );
    }
    if (disk.levelAt(at) > 0.2) {
      const share = Math.min(99, Math.round(100 * (0.55 + disk.levelAt(at))));
      say(
        'warn',
        'image_gc_manager.go:310',
        `"Disk usage over threshold" path="/var/lib/data" usage="${share}%" threshold="85%"`,
      );
    }
  };
}

/** Kubernetes' own line format: severity and date, time, process, source. */
function klog(level: Level, atMs: number, source: string, text: string): string {
  const iso = new Date(atMs).toISOString();
  const letter = { debug: 'I', info: 'I', warn: 'W', error: 'E', critical: 'F' }[level];
  return `${letter}${iso.slice(5, 7)}${iso.slice(8, 10)} ${iso.slice(11, 23)}000    1184 ${source}] ${text}`;
}
