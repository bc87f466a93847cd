import { openBrowserConnection } from './browser-link.ts';
import type { Connection } from './connection.ts';

/** The connection that this window's host offers. A desktop host's is chosen here, and nowhere else. */
export function connect(): Connection {
  return openBrowserConnection({ location: window.location });
}
