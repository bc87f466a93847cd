import type { LiveStore } from '../stores/live.ts';
import type { LinkedCore } from './core-calls.ts';

const followed = new WeakSet<LiveStore>();

/**
 * Follows what filters ask of alerts, from the first filter on: most windows never ask. Not ended, for a
 * window that filtered once will again.
 */
export function followAlerts(live: LiveStore, core: LinkedCore): void {
  if (followed.has(live)) return;
  followed.add(live);
  core.follow('alerts', '', (alerts) => live.setState({ alerts }));
}
