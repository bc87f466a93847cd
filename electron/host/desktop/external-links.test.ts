import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Cleanup } from '#support/cleanup.ts';
import { temporaryFolder } from '#support/temporary-folder.ts';
import { askAboutHost, ExternalLinks } from './external-links.ts';

const cleanup = new Cleanup();
let file = '';
beforeEach(() => {
  file = join(temporaryFolder(cleanup), 'opened-hosts.json');
  vi.useFakeTimers({ toFake: ['performance'] });
});
afterEach(async () => {
  vi.useRealTimers();
  await cleanup.run();
});

function links(answer: 'open' | 'always' | 'cancel' = 'open') {
  const asked: string[] = [];
  const opened: string[] = [];
  const logged: unknown[] = [];
  const external = new ExternalLinks({
    file,
    ask: ({ host }) => {
      asked.push(host);
      return Promise.resolve(answer);
    },
    open: (url) => {
      opened.push(url);
      return url.includes('broken') ? Promise.reject(new Error('no browser')) : Promise.resolve();
    },
    log: (_event, detail) => void logged.push(detail['reason'] ?? detail['host']),
  });
  const open = async (text: unknown): Promise<void> => {
    vi.advanceTimersByTime(1_000);
    await external.open(text);
  };
  return { external, open, asked, opened, logged };
}

describe('a link to the web', () => {
  it('is asked about each time, unless the person says always; that outlives the app', async () => {
    const once = links('open');
    await once.open('https://wiki.example/a');
    await once.open('https://wiki.example/b');
    expect(once.asked).toEqual(['wiki.example', 'wiki.example']);
    const always = links('always');
    await always.open('https://wiki.example/a');
    await always.open('https://wiki.example/b');
    expect(always.asked).toEqual(['wiki.example']);
    const later = links('cancel');
    await later.open('https://wiki.example/c');
    expect([later.asked, later.opened]).toEqual([[], ['https://wiki.example/c']]);
    // Another port is another server.
    await later.open('https://wiki.example:8443/c');
    expect([later.asked, later.opened.length]).toEqual([['wiki.example:8443'], 1]);
  });

  it('is not opened without a yes', async () => {
    const { open, opened } = links('cancel');
    await open('https://wiki.example/');
    expect(opened).toEqual([]);
  });

  it.each([
    'file:///etc/passwd',
    'javascript:alert(1)',
    'ms-msdt:x',
    'https://a@b.example/',
    '',
    null,
    { url: 'x' },
  ])('is nothing that a person is even asked about when it is %j', async (text) => {
    const { open, asked, opened, logged } = links();
    await open(text);
    expect([asked, opened, logged.length]).toEqual([[], [], 1]);
  });

  it('asks one question at a time, and opens no flood of known hosts', async () => {
    writeFileSync(file, JSON.stringify({ hosts: ['wiki.example'] }));
    const { external, asked, opened, logged } = links();
    await Promise.all(['a', 'b', 'c'].map((name) => external.open(`https://${name}.example/`)));
    expect(asked).toEqual(['a.example']);
    vi.advanceTimersByTime(1_000);
    for (let turn = 0; turn < 100; turn++) await external.open('https://wiki.example/');
    expect(opened).toEqual(['https://a.example/', 'https://wiki.example/']);
    expect(logged).toContain('too many');
  });

  it('that the system cannot open is noted, and is no failure', async () => {
    const { open, logged } = links();
    await open('https://broken.example/');
    expect(logged).toEqual(['broken.example']);
  });

  it.each([
    '',
    '{',
    '[]',
    '{"hosts":[1]}',
    '{"hosts":"wiki.example"}',
    `{"hosts":["${'x'.repeat(70_000)}"]}`,
  ])('is asked about when what is remembered is damaged: %#', async (text) => {
    writeFileSync(file, text);
    const { open, asked } = links();
    await open('https://wiki.example/');
    expect(asked).toEqual(['wiki.example']);
  });

  it('forgets the oldest of more than 200 hosts', async () => {
    const { open } = links('always');
    for (let number = 0; number < 205; number++) await open(`https://h${number}.example/`);
    const { hosts } = JSON.parse(readFileSync(file, 'utf8')) as { hosts: string[] };
    expect([hosts.length, hosts[0], hosts.at(-1)]).toEqual([200, 'h5.example', 'h204.example']);
  });

  it('shows the host as it is written, and takes a closed question for a no', async () => {
    let shown: unknown;
    const dialog = (response: number) => ({
      showMessageBox: ((options: unknown) => {
        shown = options;
        return Promise.resolve({ response, checkboxChecked: false });
      }) as Electron.Dialog['showMessageBox'],
    });
    const address = { url: `https://xn--pple-43d.com/${'x'.repeat(1_000)}`, host: 'xn--pple-43d.com' };
    expect(await askAboutHost(dialog(2), address)).toBe('cancel');
    expect(shown).toMatchObject({ message: 'Open xn--pple-43d.com in your browser?', cancelId: 2 });
    expect((shown as { detail: string }).detail.length).toBeLessThanOrEqual(301);
    expect(await askAboutHost(dialog(0), address)).toBe('open');
    expect(await askAboutHost(dialog(1), address)).toBe('always');
    expect(await askAboutHost(dialog(-1), address)).toBe('cancel');
  });
});
