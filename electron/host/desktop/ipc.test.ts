import { EventEmitter } from 'node:events';
import type { IpcMain, WebContents } from 'electron';
import { beforeEach, describe, expect, it } from 'vitest';
import { Doorway } from './ipc.ts';

interface Frame {
  readonly url: string;
}

/** What an event says of its sender; each test changes one thing. */
function world() {
  const ipcMain = new EventEmitter();
  const logged: string[] = [];
  const heard: unknown[][] = [];
  const doorway = new Doorway({
    ipcMain: ipcMain as unknown as IpcMain,
    log: (_event, detail) => void logged.push(String(detail['refusal'])),
  });
  const mainFrame: Frame = { url: 'app://opssight/#/inbox' };
  let destroyed = false;
  const contents = Object.assign(new EventEmitter(), { id: 7, mainFrame, isDestroyed: () => destroyed });
  doorway.admit(contents as unknown as WebContents);
  doorway.on('opssight:connect', (...args) => void heard.push(args));
  return {
    contents,
    mainFrame,
    heard,
    logged,
    destroy: () => (destroyed = true),
    send: (sender: object, senderFrame: object | null, ...args: unknown[]) =>
      void ipcMain.emit('opssight:connect', { sender, senderFrame, ports: [] }, ...args),
  };
}

describe('the doorway', () => {
  let { contents, mainFrame, heard, logged, destroy, send } = world();
  beforeEach(() => {
    ({ contents, mainFrame, heard, logged, destroy, send } = world());
  });

  it('lets in the window’s main frame with our page, and looks at nothing that it sent along', () => {
    send(contents, mainFrame, { hostile: true });
    expect(heard).toEqual([[contents]]);
    expect(logged).toEqual([]);
  });

  it('refuses another window with the very same page', () => {
    send({ id: 8, mainFrame, isDestroyed: () => false }, mainFrame);
    expect([heard, logged]).toEqual([[], ['not the window']]);
  });

  it('refuses a frame within the window, also one that shows our page', () => {
    send(contents, { url: 'app://opssight/' });
    expect([heard, logged]).toEqual([[], ['not the main frame']]);
  });

  it('refuses a frame that has navigated or gone since it spoke', () => {
    send(contents, null);
    expect([heard, logged]).toEqual([[], ['the frame is gone']]);
  });

  it.each([
    'https://evil.example/',
    'about:blank',
    'app://opssight.example/',
    'data:text/html,x',
    '',
    'file:///x',
  ])('refuses the window’s own frame while it shows %j', (url) => {
    (mainFrame as { url: string }).url = url;
    send(contents, mainFrame);
    expect([heard, logged]).toEqual([[], ['not our page']]);
  });

  it('refuses a window that is destroyed, before and after it says so', () => {
    destroy();
    send(contents, mainFrame);
    contents.emit('destroyed');
    send(contents, mainFrame);
    expect([heard, logged]).toEqual([[], ['the window is gone', 'not the window']]);
  });

  it('is not worn out by a flood', () => {
    for (let turn = 0; turn < 10_000; turn++) send(contents, mainFrame);
    expect(heard.length).toBe(10);
    expect(new Set(logged)).toEqual(new Set(['too often']));
  });
});
