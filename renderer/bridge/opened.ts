import { connect } from './connect.ts';
import { HeldConnection } from './held-connection.ts';

/**
 * This window's connection. With what it needs it is a script of its own (`vite.config.ts`), so that the host
 * answers while the window's much larger one is still fetched and evaluated.
 */
export const connection = new HeldConnection(connect());
