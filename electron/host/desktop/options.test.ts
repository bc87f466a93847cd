import { join } from 'node:path';
import { expect, it } from 'vitest';
import { defaultPaths } from '../paths.ts';
import { readDesktopOptions } from './options.ts';

const environment = {
  INIT_CWD: '/work',
  XDG_CONFIG_HOME: '/c',
  XDG_DATA_HOME: '/d',
  APPDATA: '/c',
  LOCALAPPDATA: '/d',
};

const usual = defaultPaths(process.platform, environment, '/home/me').dataDirectory;

function read(...args: string[]) {
  return readDesktopOptions(['/app/opssight', ...args], environment, '/home/me');
}

it('without options is the usual console', () => {
  const { dataDirectory, userDataDirectory, hidden } = read();
  expect([userDataDirectory, hidden]).toEqual([join(dataDirectory, 'desktop'), false]);
  expect(dataDirectory).toBe(usual);
});

it('takes folders from where npm was called; another data folder is another console', () => {
  expect(read('.', '--data', 'x', '--config=y.yaml', '--hidden')).toEqual({
    configurationPath: '/work/y.yaml',
    dataDirectory: '/work/x',
    userDataDirectory: '/work/x/desktop',
    hidden: true,
  });
});

it.each([
  [['--disable-gpu', '--ozone-platform=wayland', 'opssight://incident/1', '--', '--data', '/evil']],
  [['--data']],
  [['--data=']],
  [['--hidden=false', '-x', '--no-config']],
])('is not led astray by %j', (args) => {
  expect(read(...args)).toMatchObject({
    dataDirectory: usual,
    userDataDirectory: join(usual, 'desktop'),
  });
});
