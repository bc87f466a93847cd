import { openBrowserConnection } from './browser-link.ts';
import type { Connection } from './connection.ts';
import { openDesktopConnection, type DesktopBridge } from './desktop-link.ts';

declare global {
  interface Window {
    /** There under the desktop host's preload only. */
    readonly opssight?: DesktopBridge;
  }
}

/** The connection that this window's host offers, chosen here and nowhere else. */
export function connect(): Connection {
  const bridge = window.opssight;
  return bridge === undefined
    ? openBrowserConnection({ location: window.location })
    : openDesktopConnection(bridge, window);
}
