import type { ParentPort } from 'electron';
import { runDemo } from '../../demo/run-demo.ts';
import { drop, messageOf } from '#shared/result.ts';

/** The entry of the demo fleet's process under the desktop host: says where it serves, ends when told. */
const parentPort: ParentPort = process.parentPort;

try {
  const demo = await runDemo(process.argv.slice(2));
  parentPort.once('message', () =>
    drop(
      demo.close().then(() => process.exit(0)),
      'the process ends with it',
    ),
  );
  parentPort.postMessage(demo.address);
} catch (error) {
  process.stderr.write(`opssight demo: ${messageOf(error)}\n`);
  process.exit(1);
}
