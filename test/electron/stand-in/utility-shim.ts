import { registerHooks } from 'node:module';
import { PortCarrier } from './port-ends.ts';
import { messageEvent, takeEnds } from './ports.ts';
import { modelled, StandInEmitter } from './unmodelled.ts';
import type { FromUtility, ToUtility } from './utility-messages.ts';

/**
 * Loaded into a utility process before its entry: gives it `process.parentPort`. Of the module `electron`
 * nothing is modelled there.
 */
class ParentPort extends StandInEmitter implements Pick<Electron.ParentPort, 'postMessage'> {
  constructor() {
    super('process.parentPort', ['message']);
  }

  /** Electron's takes no ports in this direction. */
  postMessage(message: unknown): void {
    tell({ kind: 'mail', data: structuredClone(message), ports: takeEnds([]) as never[] });
  }

  // Ports start by themselves where a listener is set; both exist in Electron without being needed.
  start(): void {}
  pause(): void {}
}

const carrier = new PortCarrier('u', (packet) => tell({ kind: 'port', packet }));
const parentPort = new ParentPort();
const early: ToUtility[] = [];

function tell(message: FromUtility): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}

function deliver(message: ToUtility): void {
  if (message.kind === 'port') return carrier.receive(message.packet);
  if (parentPort.listenerCount('message') === 0) return void early.push(message);
  const ends = message.ports.map((name) => carrier.takeIn(name));
  parentPort.emit('message', messageEvent({ data: message.data, ends }));
}

process.on('message', (message) => deliver(message as ToUtility));
process.on('disconnect', () => process.exit(1));
parentPort.on('newListener', () => setImmediate(() => early.splice(0).forEach(deliver)));

Object.defineProperty(process, 'parentPort', { value: modelled('process.parentPort', parentPort) });
Object.defineProperty(process, 'type', { value: 'utility' });

const refusal = `throw new Error("the electron stand-in does not model the module 'electron' in a utility process");`;
registerHooks({
  resolve(specifier, context, next) {
    if (!/^electron(?:\/|$)/.test(specifier)) return next(specifier, context);
    return {
      url: `data:text/javascript,${encodeURIComponent(refusal)}`,
      format: 'module',
      shortCircuit: true,
    };
  },
});
