import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { Cleanup } from '#support/cleanup.ts';
import { temporaryFolder } from '#support/temporary-folder.ts';
import { desktopReadiness } from './electron-binary.ts';

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

function electron(parts: { readonly named?: boolean; readonly there?: boolean }): string {
  const folder = temporaryFolder(cleanup);
  mkdirSync(join(folder, 'dist'));
  if (parts.named === true) writeFileSync(join(folder, 'path.txt'), 'electron\n');
  if (parts.there === true) writeFileSync(join(folder, 'dist/electron'), '');
  return folder;
}

it.each([
  ['linux', { DISPLAY: ':0' }, 'ready'],
  ['linux', { WAYLAND_DISPLAY: 'wayland-0' }, 'ready'],
  ['linux', {}, 'no-display'],
  ['linux', { DISPLAY: '' }, 'no-display'],
  ['darwin', {}, 'ready'],
  ['win32', {}, 'ready'],
] as const)('%s with %j: %s', (platform, environment, kind) => {
  const electronDirectory = electron({ named: true, there: true });
  expect(desktopReadiness({ platform, environment, electronDirectory }).kind).toBe(kind);
});

it.each([{}, { named: true }, { there: true }])(
  'a package without its whole binary (%j) is none',
  (parts) => {
    const electronDirectory = electron(parts);
    const environment = { DISPLAY: ':0' };
    expect(desktopReadiness({ platform: 'linux', environment, electronDirectory })).toEqual({
      kind: 'no-binary',
    });
  },
);
