import { modelled } from './unmodelled.ts';

/** `shell`: what was opened outside, and nothing is. */
export const shellRecord = {
  opened: [] as string[],
  /** What Chromium itself would have opened for a page whose permission `openExternal` was granted. */
  openedByPage: [] as string[],
  shownInFolder: [] as string[],
  beeps: 0,
};

const schemeful = /^[a-z][a-z0-9+.-]*:/i;

export const shell = modelled('shell', {
  openExternal(url: string): Promise<void> {
    if (!schemeful.test(url)) return Promise.reject(new Error('Invalid URL'));
    shellRecord.opened.push(url);
    return Promise.resolve();
  },
  showItemInFolder(path: string): void {
    shellRecord.shownInFolder.push(path);
  },
  beep(): void {
    shellRecord.beeps++;
  },
} satisfies Partial<Electron.Shell>);
