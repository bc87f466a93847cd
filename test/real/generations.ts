import type { TestContext } from 'vitest';
import { Cleanup } from '#support/cleanup.ts';
import type { Place } from '#support/real-servers.ts';
import { temporaryFolder } from '#support/temporary-folder.ts';
import { findServers, type Generation } from '../../scripts/provide/servers.ts';

export const generationNames: Readonly<Record<Generation, string>> = {
  old: 'Prometheus 2.42 with Alertmanager 0.25',
  new: 'Prometheus 3.5 with Alertmanager 0.33',
};

/** A place for servers of a generation, put away with the test; skips the test where it has none. */
export async function placeFor(generation: Generation, context: TestContext): Promise<Place> {
  const servers = await findServers(generation);
  if (servers.status !== 'ready') return context.skip(servers.reason);
  const cleanup = new Cleanup();
  context.onTestFinished(() => cleanup.run());
  return { commands: servers.thing, folder: temporaryFolder(cleanup), cleanup };
}
