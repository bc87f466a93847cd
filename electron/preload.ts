import { contextBridge, ipcRenderer } from 'electron';

/**
 * The only thing between the page and this app: it asks for the page's ports and hands them on. They cannot
 * cross the bridge, so they are posted to the page itself; messages and events never are.
 */

/** What is used of the page's window; the Node side has no types of the DOM. */
declare const window: {
  readonly location: { readonly origin: string };
  postMessage(message: unknown, targetOrigin: string, transfer: unknown[]): void;
};

contextBridge.exposeInMainWorld('opssight', {
  connect: (): void => ipcRenderer.send('opssight:connect'),
});

for (const kind of ['opssight:ports', 'opssight:core-port'] as const) {
  ipcRenderer.on(kind, (event, message: { readonly generation: number }) => {
    // SECURITY: only to this page's own origin.
    window.postMessage({ kind, generation: message.generation }, window.location.origin, event.ports);
  });
}
