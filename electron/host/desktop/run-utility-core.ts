import type { MessagePortMain } from 'electron';
import type { Link } from '#shared/link.ts';
import type { CoreToHost, HostToCore } from '../core-messages.ts';
import { CorePort } from '../core-port.ts';
import { runCoreOver, type StartCore } from '../core-runner.ts';

/**
 * Runs a core in this utility process. Windows' links come as message ports; the process ends with the app,
 * whatever ends that, and ends itself when the core has stopped.
 */
export function runUtilityCore(startCore: StartCore): void {
  const { parentPort } = process;
  const port = new CorePort((message: CoreToHost) => parentPort.postMessage(message));
  runCoreOver(
    {
      port,
      onMessage: (listener) =>
        void parentPort.on('message', (event) => {
          const [link] = event.ports;
          if (link !== undefined) return port.linkOpened(portLink(link));
          listener(event.data as HostToCore);
        }),
      // Electron ends its utility processes with the app.
      onGone: () => undefined,
      leave: () => undefined,
      ended: () => process.exit(0),
    },
    startCore,
  );
}

/** A window's port as a link. Messages are structured clones; columns arrive as they are. */
function portLink(port: MessagePortMain): Link {
  let closed = false;
  let closeListener: (reason: string) => void = () => undefined;
  const end = (reason: string): void => {
    if (closed) return;
    closed = true;
    closeListener(reason);
  };
  port.on('close', () => end('the window is gone'));
  return {
    send(message) {
      if (!closed) port.postMessage(message);
    },
    onMessage(listener) {
      port.on('message', (event) => {
        if (!closed) listener(event.data);
      });
      port.start();
    },
    onClose(listener) {
      closeListener = listener;
    },
    close(reason) {
      end(reason);
      port.close();
    },
  };
}
