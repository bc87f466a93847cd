import { claimDataFolder } from '#core/store/lock.ts';
import { openStore } from '#core/store/store.ts';
import type { Notice } from '#shared/model/console.ts';
import { openedIncident } from '#support/journal-records.ts';

/** Claims and opens the data folder given as its argument, commits once, and prints what came of each. */
const dataDirectory = process.argv[2] ?? '';
const notices: Notice[] = [];
const claimed = await claimDataFolder(dataDirectory, 'core', 0);
const opened = await openStore({
  dataDirectory,
  safeMode: false,
  onNotice: (notice) => notices.push(notice),
  nowMs: Date.now,
});
const report = opened.ok
  ? {
      mode: opened.value.mode,
      incidents: (await opened.value.load(0)).incidents.map(({ id }) => id),
      committed: await opened.value.commit(openedIncident(9)),
    }
  : { refused: opened.failure };
console.log(JSON.stringify({ claimed: claimed.ok ? 'held' : claimed.failure.code, notices, ...report }));
if (opened.ok) await opened.value.close();
if (claimed.ok) claimed.value.release();
