import { drop, messageOf } from '#shared/result.ts';
import { runDemo } from './run-demo.ts';

/**
 * The demo fleet's process: says where it serves in one line of JSON on standard output, and ends with its
 * standard input or on SIGTERM.
 *
 *   node electron/demo/main.ts [arguments of run-demo.ts]
 */
async function start(): Promise<void> {
  const demo = await runDemo(process.argv.slice(2));
  process.stdout.write(`${JSON.stringify(demo.address)}\n`);
  const stop = (): void =>
    drop(
      demo.close().then(() => process.exit(0)),
      'the process ends with it',
    );
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  process.stdin.once('end', stop);
  process.stdin.once('close', stop);
  process.stdin.resume();
}

try {
  await start();
} catch (error) {
  process.stderr.write(`opssight demo: ${messageOf(error)}\n`);
  process.exit(1);
}
