import { readFileSync, writeFileSync } from 'node:fs';
import { openStore } from '#core/store/store.ts';

/** Opens and closes a store as the core does, then writes down what the process has loaded. */
const [, , dataDirectory = '', mapsFile = ''] = process.argv;
const opened = await openStore({
  dataDirectory,
  safeMode: false,
  onNotice: () => undefined,
  nowMs: Date.now,
});
if (!opened.ok) throw new Error(opened.failure.message);
await opened.value.close();
writeFileSync(mapsFile, readFileSync('/proc/self/maps'));
