const { contextBridge, ipcRenderer } = require('electron');

contextBridge.exposeInMainWorld('basic', { connect: () => ipcRenderer.send('connect') });
ipcRenderer.on('ports', (event, message) => {
  window.postMessage({ kind: 'ports', ...message }, location.origin, event.ports);
});
