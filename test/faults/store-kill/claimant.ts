import { writeSync } from 'node:fs';
import { claimDataFolder } from '#core/store/lock.ts';

/**
 * A process that waits for a line on standard input, then claims the data folder given as its argument and
 * says "held" or "refused"; it holds on until it is killed.
 */
writeSync(1, 'ready\n');
process.stdin.once('data', () => {
  void claimDataFolder(process.argv[2] ?? '', 'host', 0).then((claimed) => {
    writeSync(1, claimed.ok ? 'held\n' : `refused ${claimed.failure.code}\n`);
  });
});
