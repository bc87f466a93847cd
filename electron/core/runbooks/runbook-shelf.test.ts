import { mkdir, mkdtemp, realpath, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runbookPaths } from './runbook-paths.ts';
import { RunbookShelf } from './runbook-shelf.ts';

const writtenAtMs = Date.parse('2026-11-01T10:00:00Z');
let place: string;
let folder: string;
let nowMs: number;
let shelf: RunbookShelf;

beforeEach(async () => {
  place = await realpath(await mkdtemp(join(tmpdir(), 'opssight-runbooks-')));
  folder = join(place, 'books');
  nowMs = 1_000;
  shelf = new RunbookShelf({ folder: () => folder, nowMs: () => nowMs });
  await mkdir(join(folder, 'backend'), { recursive: true });
  await write('backend/high-error-rate.md', '# High error rate\n\nLook at it.');
  await write('disk-full.md', 'no heading');
  await writeFile(join(place, 'secret.md'), '# Secret');
});

afterEach(async () => rm(place, { recursive: true, force: true }));

async function write(path: string, text: string): Promise<void> {
  await writeFile(join(folder, path), text);
  await utimes(join(folder, path), writtenAtMs / 1_000, writtenAtMs / 1_000);
}

async function titleOf(url: string, name = ''): Promise<string | undefined> {
  return (await shelf.find(url, name))?.title;
}

describe('finding', () => {
  test('a file by the end of the link', async () => {
    expect(await shelf.find('https://runbooks.example/backend/high-error-rate?x=1#top', 'Other')).toEqual({
      title: 'High error rate',
      markdown: '# High error rate\n\nLook at it.',
      path: 'backend/high-error-rate.md',
      writtenAtMs,
      readAtMs: 1_000,
    });
    expect(await titleOf('https://git.example/ops/blob/main/backend/high-error-rate.md')).toBe(
      'High error rate',
    );
    expect(await titleOf('/team/backend/high-error-rate.html')).toBe('High error rate');
  });

  test('the longer end of the link first, then the shorter, then the name of the alert', async () => {
    expect(runbookPaths('https://r.example/backend/high-error-rate', 'HighErrorRate')).toEqual([
      'backend/high-error-rate.md',
      'high-error-rate.md',
      'HighErrorRate.md',
    ]);
    expect(await titleOf('https://r.example/storage/disk-full')).toBe('disk-full.md');
    expect(await titleOf('', 'DiskFull')).toBe('disk-full.md');
    await write('DiskFull.md', 'Disk\n====\n');
    expect(await titleOf('not a link', 'DiskFull')).toBe('Disk');
    expect(runbookPaths('', 'KubePodOOMKilled')).toEqual(['KubePodOOMKilled.md', 'kube-pod-oom-killed.md']);
  });

  test('nothing where there is none, or no folder', async () => {
    expect(await shelf.find('https://r.example/a', 'A')).toBeNull();
    expect(await shelf.find('', '')).toBeNull();
    folder = '';
    expect(await shelf.find('https://r.example/backend/high-error-rate', '')).toBeNull();
    folder = join(place, 'missing');
    expect(await shelf.find('https://r.example/backend/high-error-rate', '')).toBeNull();
  });

  test('the first heading is the title, not one in code or with marks of its own', async () => {
    await write('a.md', '```sh\n# comment\n```\ntext\n\n## The \u202etitle ##\n# later');
    expect(await titleOf('/a')).toBe('The title');
  });
});

describe('bounds', () => {
  const attacks = [
    '../secret',
    '/../secret.md',
    '/%2e%2e/secret',
    '/..%2fsecret',
    '/..%5csecret',
    '/backend/..%2f..%2fsecret',
    'file:///secret',
    '/%00secret',
    '/.hidden',
    '/C:%5csecret',
    '//secret.md/../..',
  ];

  test.each(attacks)('%s stays in the folder', async (url) => {
    await writeFile(join(folder, '.hidden.md'), '# Hidden');
    expect(await shelf.find(url, '')).toBeNull();
    expect(await shelf.find('', url)).toBeNull();
  });

  test('no text leads out of the folder', () => {
    const text = fc.array(
      fc.oneof(fc.constantFrom('..', '.', '/', '\\', '%2e', '%2F', '%5c', '\0', ':', 'a', '%'), fc.string()),
      { maxLength: 10 },
    );
    fc.assert(
      fc.property(text, text, (url, name) => {
        for (const path of runbookPaths(url.join(''), name.join(''))) {
          expect(path).toMatch(/\.md$/i);
          for (const part of path.split('/')) expect(part).toMatch(/^[^.\\/:\p{Cc}][^\\/:\p{Cc}]*$/u);
        }
      }),
    );
  });

  test('links of the file system that lead out are not followed; those within are', async () => {
    await symlink(join(place, 'secret.md'), join(folder, 'out.md'));
    await symlink(place, join(folder, 'outside'));
    await symlink('backend/high-error-rate.md', join(folder, 'within.md'));
    await symlink('loop.md', join(folder, 'loop.md'));
    expect(await shelf.find('/out', '')).toBeNull();
    expect(await shelf.find('/outside/secret', '')).toBeNull();
    expect(await shelf.find('/loop', '')).toBeNull();
    expect(await titleOf('/within')).toBe('High error rate');
  });

  test('a folder beside with a longer name is outside', async () => {
    await mkdir(`${folder}-other`);
    await writeFile(join(`${folder}-other`, 'x.md'), '# Other');
    await symlink(join(`${folder}-other`, 'x.md'), join(folder, 'x.md'));
    expect(await shelf.find('/x', '')).toBeNull();
  });

  test('a directory and a file that is too large are none', async () => {
    await mkdir(join(folder, 'dir.md'));
    await write('large.md', 'x'.repeat(256 * 1_024 + 1));
    await write('just.md', 'x'.repeat(256 * 1_024));
    expect(await shelf.find('/dir', '')).toBeNull();
    expect(await shelf.find('/large', '')).toBeNull();
    expect(await titleOf('/just')).toBe('just.md');
  });
});

test('when the file is gone the copy read last is shown, with its time', async () => {
  await shelf.find('/backend/high-error-rate', '');
  await rm(folder, { recursive: true });
  nowMs = 9_000;
  expect(await shelf.find('/backend/high-error-rate', '')).toMatchObject({
    title: 'High error rate',
    readAtMs: 1_000,
  });
  expect(await shelf.find('/backend/high-error-rate', 'Other')).toBeNull();
});
