import { connect } from './connect.ts';

/**
 * This window's connection, asked for when this module is evaluated, which is before the rest of the window:
 * the host answers meanwhile. Nothing is said before that task ends, so listeners are set within it.
 */
export const connection = connect();
connection.open();
