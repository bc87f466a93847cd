import { app, BrowserWindow, ipcMain, MessageChannelMain, protocol, utilityProcess } from 'electron';
import { join } from 'node:path';

/** The smallest application with everything in it: a window, a page, a preload, ports, a utility process. */
app.enableSandbox();
protocol.registerSchemesAsPrivileged([{ scheme: 'app', privileges: { standard: true, secure: true } }]);

const policy = `default-src 'none'; script-src 'self'; connect-src 'self'; require-trusted-types-for 'script'`;
const page = `<!doctype html><title>basic</title><script src="/page.js"></script><a id="out" href="https://outside.example/">out</a>
<a id="mail" href="mailto:a@b.example">mail</a><a id="popup" target="_blank" href="https://outside.example/popup">popup</a>`;
const script = `
const heard = (window.heard = []);
window.say = (name, message) => window[name + 'Port'].postMessage(message);
addEventListener('message', (event) => {
  if (event.source !== window || event.data?.kind !== 'ports') return;
  const [host, core] = event.ports;
  window.hostPort = host;
  window.corePort = core;
  for (const [name, port] of [['host', host], ['core', core]])
    port.onmessage = ({ data }) => heard.push({ name, data, isColumn: data?.column instanceof Float64Array });
});
window.basic.connect();
`;
const answers: Record<string, [string, string]> = {
  'app://opssight/': ['text/html', page],
  'app://opssight/page.js': ['text/javascript', script],
};

await app.whenReady();
protocol.handle('app', (request) => {
  const found = answers[request.url];
  if (found === undefined) return new Response('none', { status: 404 });
  const [type, body] = found;
  return new Response(body, { headers: { 'Content-Type': type, 'Content-Security-Policy': policy } });
});
const core = utilityProcess.fork(join(import.meta.dirname, 'basic-core.ts'), [], {
  serviceName: 'core',
  env: { ONLY: 'this' },
  stdio: 'inherit',
});
const window = new BrowserWindow({
  width: 900,
  height: 700,
  webPreferences: { preload: join(import.meta.dirname, 'basic-preload.cjs'), sandbox: true },
});
window.webContents.on('will-navigate', (event) => event.preventDefault());
window.webContents.setWindowOpenHandler(() => ({ action: 'deny' }));
ipcMain.on('connect', (event) => {
  if (event.senderFrame !== window.webContents.mainFrame || event.senderFrame.origin !== 'app://opssight')
    return;
  const host = new MessageChannelMain();
  const core_ = new MessageChannelMain();
  host.port1.on('message', ({ data }) => host.port1.postMessage({ echo: data }));
  host.port1.start();
  core.postMessage({ kind: 'link' }, [core_.port1]);
  event.sender.postMessage('ports', { generation: 1 }, [host.port2, core_.port2]);
});
await window.loadURL('app://opssight/');
