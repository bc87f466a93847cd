import { parentPort } from 'node:worker_threads';
import { readRoutingConfiguration } from '#shared/routing/read/read-configuration.ts';
import type { FromRoutingThread, ToRoutingThread } from './routing-protocol.ts';

/** Reads one configuration, which may take a second for a large one. Started by `configuration-reader.ts`. */
const port = parentPort;
if (port === null) throw new Error('routing-worker runs as a worker thread only');

port.once('message', ({ text, mode }: ToRoutingThread) => {
  port.postMessage(readRoutingConfiguration(text, mode) satisfies FromRoutingThread);
});
