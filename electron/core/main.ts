import { ConsoleCore, type KnownBefore } from '#core/console-core.ts';
import { pauseSetting } from '#core/notify/pause.ts';
import { viewsSetting } from '#core/views/view-shelf.ts';
import { claimDataFolder } from '#core/store/lock.ts';
import { openStore, type Store, StoreError } from '#core/store/store.ts';
import type { CoreStart, HostPort } from '#host/port.ts';
import type { CommandFailure } from '#shared/failure.ts';
import type { Notice } from '#shared/model/console.ts';
import { failed, success, type Result } from '#shared/result.ts';
import { dayMs } from '#shared/time.ts';

/**
 * The core's entry under any host: takes the data folder, opens the store, composes the console and
 * serves until it is told to stop. It knows its host only as a port.
 */

/** How long the core of a host that just died may still hold the data folder. */
const claimWaitMs = 5_000;
/** More than the incidents of a day: the log is read to know which incidents were notified. */
const maxNotifications = 10_000;

export async function startCore(port: HostPort, start: CoreStart): Promise<void> {
  const claim = await claimDataFolder(start.dataDirectory, 'core', claimWaitMs);
  if (!claim.ok) return port.refuse(claim.failure);
  const early: Notice[] = [];
  let raise = (notice: Notice): void => void early.push(notice);
  const opened = await openStore({
    dataDirectory: start.dataDirectory,
    safeMode: start.safeMode,
    onNotice: (notice) => raise(notice),
    nowMs: Date.now,
  });
  if (!opened.ok) return port.refuse(opened.failure);
  const store = opened.value;

  const known = await readKnown(store);
  if (!known.ok) return port.refuse(known.failure);
  const core = new ConsoleCore({ port, start, store, ...known.value });
  raise = (notice) => core.notices.raise(notice);
  early.forEach(raise);
  port.onLink((link) => core.serve(link));
  port.onStop(async () => {
    await core.stop();
    await store.close();
    claim.value.release();
  });
  await core.start();
  port.ready();
  core.announce();
}

/** What the console goes on from. A journal that opens but cannot be read is a reason not to run. */
async function readKnown(store: Store): Promise<Result<KnownBefore, CommandFailure>> {
  try {
    const state = await store.load(Date.now() - dayMs);
    return success({
      state,
      // Intents without an outcome come with the state, however far back in the log they are.
      notifications: [...state.pendingNotifications, ...(await store.notifications(maxNotifications))],
      pause: await store.setting(pauseSetting),
      views: await store.setting(viewsSetting),
      health: await store.health(),
    });
  } catch (error) {
    if (error instanceof StoreError) return failed(error.failure);
    throw error;
  }
}
