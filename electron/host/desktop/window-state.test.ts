import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Cleanup } from '#support/cleanup.ts';
import { temporaryFolder } from '#support/temporary-folder.ts';
import { WindowStateFile, type WindowState } from './window-state.ts';

const cleanup = new Cleanup();
let folder = '';
beforeEach(() => {
  folder = temporaryFolder(cleanup);
  vi.useFakeTimers();
});
afterEach(async () => {
  vi.useRealTimers();
  await cleanup.run();
});

const state: WindowState = {
  bounds: { x: -1_200, y: 40, width: 1_100, height: 700 },
  maximized: true,
  fullScreen: false,
};

it('is there at the next start, written once for many moves, and whole', () => {
  const path = join(folder, 'window-state.json');
  const file = new WindowStateFile(path, () => undefined);
  expect(file.read()).toBeUndefined();
  let reads = 0;
  for (let turn = 0; turn < 100; turn++)
    file.changed(() => {
      reads++;
      return state;
    });
  vi.advanceTimersByTime(500);
  expect([reads, new WindowStateFile(path, () => undefined).read()]).toEqual([1, state]);
  file.changed(() => ({ ...state, maximized: false }));
  file.flush();
  expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ maximized: false });
  expect(readdirSync(folder)).toEqual(['window-state.json']);
});

it.each([
  '',
  'null',
  '{}',
  '{"bounds":{"x":0,"y":0,"width":0,"height":1},"maximized":false,"fullScreen":false}',
  '{"bounds":{"x":1e9,"y":0,"width":1,"height":1},"maximized":false,"fullScreen":false}',
  '{"bounds":{"x":0.5,"y":0,"width":1,"height":1},"maximized":false,"fullScreen":false}',
  '{"bounds":{"x":null,"y":0,"width":1,"height":1},"maximized":false,"fullScreen":false}',
  '{"bounds":{"x":0,"y":0,"width":1,"height":1},"maximized":1,"fullScreen":false}',
  `{"x":"${'x'.repeat(70_000)}"}`,
])('is as if never written when it is %j', (text) => {
  const path = join(folder, 'window-state.json');
  writeFileSync(path, text);
  expect(new WindowStateFile(path, () => undefined).read()).toBeUndefined();
});

it('that cannot be written is told in the log and forgotten', () => {
  const path = join(folder, 'window-state.json');
  mkdirSync(path);
  const logged: string[] = [];
  const file = new WindowStateFile(path, (event) => void logged.push(event));
  file.changed(() => state);
  file.flush();
  expect(logged).toEqual(['window-state.not-written']);
});
