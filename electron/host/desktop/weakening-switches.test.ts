import { expect, it } from 'vitest';
import { refusalOfSwitches } from './weakening-switches.ts';

it.each([
  ['--no-sandbox'],
  ['-no-sandbox'],
  ['/no-sandbox'],
  ['--NO-SANDBOX'],
  ['--no-sandbox=1'],
  ['--disable-gpu-sandbox'],
  ['--disable-web-security'],
  ['--ignore-certificate-errors'],
  ['--remote-debugging-port=9222'],
  ['--remote-debugging-pipe'],
  ['--js-flags=--allow-natives-syntax'],
])('an installed app does not start with %s', (argument) => {
  expect(refusalOfSwitches(['opssight', '--hidden', argument])).toMatch(/^OpsSight does not start with --/);
});

it('says what to do where an AppImage’s launcher added it', () => {
  expect(refusalOfSwitches(['opssight', '--no-sandbox'])).toContain(
    'install the package of the system (deb)',
  );
});

it('leaves alone what takes nothing away, and what only looks alike', () => {
  const harmless = [
    '--hidden',
    '--data',
    '/no-sandbox/x',
    '--no-sandboxed',
    '--ozone-platform=wayland',
    'opssight://incident/1',
  ];
  expect(refusalOfSwitches(['/opt/no-sandbox', ...harmless])).toBeUndefined();
});
