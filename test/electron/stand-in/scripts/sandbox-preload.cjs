// What a preload might wish for, and what becomes of it. The page reads `window.found`.
const { contextBridge, ipcRenderer } = require('electron');

function outcomeOf(attempt) {
  try {
    return typeof attempt();
  } catch (error) {
    return error.message;
  }
}

const channel = new MessageChannel();
contextBridge.exposeInMainWorld('found', {
  node: {
    requireFs: outcomeOf(() => require('node:fs')),
    requireRelative: outcomeOf(() => require(['.', 'other.cjs'].join('/'))),
    process: typeof process,
    Buffer: typeof Buffer,
    global: typeof global,
    setImmediate: typeof setImmediate,
    filename: typeof __filename,
    shell: outcomeOf(() => require('electron').shell),
    sendSync: outcomeOf(() => ipcRenderer.sendSync('ask')),
    executeInMainWorld: outcomeOf(() => contextBridge.executeInMainWorld({})),
  },
  port: channel.port1,
  portAgain: () => channel.port1,
  add: (left, right) => left + right,
  fail: () => {
    throw new Error('as asked');
  },
  later: async (value) => ({ value }),
  ask: (value) => ipcRenderer.invoke('ask', value),
  setSecret: (value) => {
    window.secretOfPreload = value;
  },
});
window.secretOfPreload = 'only here';
