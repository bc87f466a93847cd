export { app } from './app.ts';
export { ipcMain } from './ipc.ts';
export { MessageChannelMain } from './channel.ts';
export { protocol, session } from './session.ts';
export { shell } from './shell.ts';
export { utilityProcess } from './utility.ts';
export { BrowserWindow } from './windows.ts';
