import { chmodSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { Cleanup } from '#support/cleanup.ts';
import { temporaryFolder } from '#support/temporary-folder.ts';
import { autostartEntry, autostartFile, setAutostart } from './autostart-file.ts';

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

describe('starting at login on Linux', () => {
  it('is a desktop entry in the autostart folder, and gone when it is not wanted any more', () => {
    const file = autostartFile({}, temporaryFolder(cleanup));
    expect(file.endsWith('/.config/autostart/opssight.desktop')).toBe(true);
    expect(setAutostart(file, '/opt/OpsSight/opssight', true).ok).toBe(true);
    expect(readFileSync(file, 'utf8')).toContain('Exec="/opt/OpsSight/opssight" --hidden\n');
    expect(setAutostart(file, '', false).ok).toBe(true);
    expect(setAutostart(file, '', false).ok).toBe(true);
    expect(existsSync(file)).toBe(false);
  });

  it('follows XDG_CONFIG_HOME where it is absolute', () => {
    expect(autostartFile({ XDG_CONFIG_HOME: '/c' }, '/h')).toBe('/c/autostart/opssight.desktop');
    expect(autostartFile({ XDG_CONFIG_HOME: 'c' }, '/h')).toBe('/h/.config/autostart/opssight.desktop');
  });

  it.each([
    ['/a b/Ops Sight', 'Exec="/a b/Ops Sight" --hidden'],
    ['/a"; rm -rf $HOME `id` 100%', 'Exec="/a\\\\"; rm -rf \\\\$HOME \\\\`id\\\\` 100%%" --hidden'],
  ])('quotes %s', (program, line) => {
    expect(autostartEntry(program).split('\n')).toContain(line);
  });

  it('says why it cannot', () => {
    const folder = join(temporaryFolder(cleanup), 'closed');
    mkdirSync(folder);
    chmodSync(folder, 0o500);
    const written = setAutostart(join(folder, 'in', 'x.desktop'), '/x', true);
    // A superuser may write everywhere.
    expect(written.ok).toBe(process.getuid?.() === 0);
  });
});
