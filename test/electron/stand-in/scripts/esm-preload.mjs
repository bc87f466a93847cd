import { contextBridge } from 'electron';

contextBridge.exposeInMainWorld('found', {});
