import { writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

/**
 * Loaded by a core before anything else (`--import`): writes how long its event loop stood still at most, in
 * milliseconds, into the file `OPSSIGHT_TEST_LOOP_DELAY` when it ends. Counting begins with the core's work.
 */
const file = process.env['OPSSIGHT_TEST_LOOP_DELAY'];
if (isMainThread && file !== undefined) {
  const delay = monitorEventLoopDelay({ resolution: 5 });
  process.once('message', () => setTimeout(() => delay.enable(), 1_000).unref());
  process.on('exit', () => writeFileSync(file, String(delay.max / 1e6)));
}
