import type { WebPreferences } from 'electron';

/** Every preference of the window on which its safety rests, said even where it is the default: frozen. */
export const secureWebPreferences = Object.freeze({
  // SECURITY: the renderer's process can do nothing of itself; `app.enableSandbox()` says so for all.
  sandbox: true,
  // SECURITY: the page cannot reach the preload's objects, nor change what it calls.
  contextIsolation: true,
  // SECURITY: no Node in the page, nor in its workers and frames.
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  // SECURITY: same-origin policy stays; nothing is loaded over plain http.
  webSecurity: true,
  allowRunningInsecureContent: false,
  // SECURITY: nothing that Chromium does not hold ready for everybody.
  experimentalFeatures: false,
  // SECURITY: a webview is a second renderer with settings of the page's choice.
  webviewTag: false,
  // SECURITY: a file dropped on the window must not replace it.
  navigateOnDragDrop: false,
  // SECURITY: no plug-ins, no dialogs by which a page could hold the person up.
  plugins: false,
  disableDialogs: true,
  // SECURITY: what is typed stays here: the spell checker fetches dictionaries from a server.
  spellcheck: false,
}) satisfies WebPreferences;
