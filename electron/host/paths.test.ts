import { expect, it } from 'vitest';
import { defaultPaths } from './paths.ts';

it('follows the XDG base directories, and ignores relative ones', () => {
  expect(defaultPaths('linux', {}, '/home/ops')).toEqual({
    configurationPath: '/home/ops/.config/opssight/opssight.yaml',
    dataDirectory: '/home/ops/.local/share/opssight',
    cacheDirectory: '/home/ops/.cache/opssight',
  });
  expect(defaultPaths('linux', { XDG_CONFIG_HOME: '/etc/ops', XDG_DATA_HOME: 'data' }, '/home/ops')).toEqual({
    configurationPath: '/etc/ops/opssight/opssight.yaml',
    dataDirectory: '/home/ops/.local/share/opssight',
    cacheDirectory: '/home/ops/.cache/opssight',
  });
});

it('uses the folders of macOS and Windows there', () => {
  expect(defaultPaths('darwin', {}, '/Users/ops').configurationPath).toBe(
    '/Users/ops/Library/Application Support/OpsSight/opssight.yaml',
  );
  expect(defaultPaths('win32', { APPDATA: 'C:\\Roaming' }, 'C:\\Users\\ops')).toEqual({
    configurationPath: 'C:\\Roaming\\OpsSight\\opssight.yaml',
    dataDirectory: 'C:\\Users\\ops\\AppData\\Local\\OpsSight\\data',
    cacheDirectory: 'C:\\Users\\ops\\AppData\\Local\\OpsSight\\cache',
  });
});
