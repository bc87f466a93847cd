import { expect, it } from 'vitest';
import { readDesktopOptions } from './options.ts';

const environment = {
  INIT_CWD: '/work',
  XDG_CONFIG_HOME: '/c',
  XDG_DATA_HOME: '/d',
  APPDATA: '/c',
  LOCALAPPDATA: '/d',
};

function read(...args: string[]) {
  return readDesktopOptions(['/app/opssight', ...args], environment, '/home/me');
}

it('without options is the usual console', () => {
  expect(read()).toMatchObject({ userDataDirectory: undefined, hidden: false });
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
  expect(read(...args)).toMatchObject({ userDataDirectory: undefined });
});
