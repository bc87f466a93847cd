import { app, BrowserWindow, ipcMain, protocol, session } from 'electron';

/**
 * One window whose guards do what the test says: `--deny` denies everything, else everything that Electron
 * would allow is allowed. What the guards were asked is kept.
 */
app.enableSandbox();
protocol.registerSchemesAsPrivileged([{ scheme: 'app', privileges: { standard: true, secure: true } }]);
const denies = process.argv.includes('--deny');
const preload = process.argv
  .find((argument) => argument.startsWith('--preload='))
  ?.slice('--preload='.length);
const asked: unknown[][] = [];
Object.assign(globalThis, { asked });

const pages: Record<string, () => Response> = {
  'app://opssight/': () =>
    html(`<title>first</title>
      <a id="out" href="https://outside.invalid/a">out</a><a id="mail" href="mailto:a@b.invalid">mail</a>
      <a id="popup" target="_blank" href="https://outside.invalid/popup">popup</a>
      <a id="download" href="/file" download="file.bin">file</a>`),
  'app://opssight/inner': () => html('<title>inner</title>'),
  'app://opssight/second': () => html('<title>second</title>'),
  'app://opssight/away': () =>
    new Response(null, { status: 302, headers: { Location: 'https://outside.invalid/b' } }),
  'app://opssight/file': () =>
    new Response('data', { headers: { 'Content-Type': 'application/octet-stream' } }),
};

function html(body: string): Response {
  const headers = {
    'Content-Type': 'text/html',
    'Content-Security-Policy': "default-src 'self'",
    'X-Of': 'handler',
  };
  return new Response(`<!doctype html>${body}`, { headers });
}

app.on('window-all-closed', () => undefined);
await app.whenReady();
protocol.handle('app', (request) => pages[request.url]?.() ?? new Response('none', { status: 404 }));
session.defaultSession.on('will-download', (event, item) => {
  asked.push(['will-download', item.getURL()]);
  if (denies) event.preventDefault();
});
session.defaultSession.setPermissionRequestHandler((_contents, permission, answer) => {
  asked.push(['permission', permission]);
  answer(!denies);
});
session.defaultSession.setPermissionCheckHandler(() => !denies);
session.defaultSession.webRequest.onBeforeRequest((details, answer) => {
  asked.push(['request', details.url]);
  answer({ cancel: denies });
});
const window = new BrowserWindow({
  width: 640,
  height: 480,
  webPreferences: preload === undefined ? {} : { preload },
});
const { webContents } = window;
for (const name of ['will-navigate', 'will-redirect', 'will-frame-navigate'] as const)
  webContents.on(name as 'will-navigate', (event) => {
    asked.push([name, event.url]);
    if (denies) event.preventDefault();
  });
webContents.on('preload-error', (_event, _path, error) => asked.push(['preload-error', error.message]));
webContents.on('render-process-gone', (_event, details) => {
  asked.push(['render-process-gone', details.reason]);
  webContents.reload();
});
webContents.setWindowOpenHandler(({ url }) => {
  asked.push(['window-open', url]);
  return { action: 'deny' };
});
ipcMain.handle('ask', (event, value) => {
  if (value === 'fail') throw new Error('refused');
  return { value, from: event.senderFrame?.url };
});
await window.loadURL('app://opssight/').catch(() => undefined);
