import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { inProject } from '../../scripts/project.ts';

/** docs/security.md is only worth what its tests are: it must not name one that is gone. */

const page = readFileSync(inProject('docs/security.md'), 'utf8').replaceAll(/\s+/g, ' ');
const rows = readFileSync(inProject('docs/security.md'), 'utf8')
  .split('\n')
  .filter((line) => /^\| \d+ \|/.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()));

test('the page has Electron’s twenty recommendations, each with what we do, where, and how it is proven', () => {
  expect(rows.map(([, number]) => Number(number))).toEqual(
    Array.from({ length: 20 }, (_, index) => index + 1),
  );
  for (const [, number, item, decision, code, proof] of rows)
    expect(
      [item, decision, code, proof].map((cell) => (cell ?? '').length > 1),
      `row ${number ?? ''}`,
    ).toEqual([true, true, true, true]);
});

test('every test that the page names exists, under that title', () => {
  const named = [...page.matchAll(/`((?:test|electron)\/[^`]+\.(?:test|spec)\.ts)`(?:: "([^"]+)")?/g)];
  expect(named.length).toBeGreaterThan(30);
  const missing = named.filter(([, path = '', title = '']) => {
    const file = inProject(path);
    return !existsSync(file) || !readFileSync(file, 'utf8').replaceAll(/\s+/g, ' ').includes(title);
  });
  expect(missing.map(([whole]) => whole)).toEqual([]);
});

test('every file of code that the table names exists', () => {
  const paths = rows.flatMap((cells) =>
    [...(cells[4] ?? '').matchAll(/`([\w./-]+)`/g)].map(([, path]) => path ?? ''),
  );
  expect(paths.length).toBeGreaterThan(15);
  const places = ['', 'electron/', 'electron/host/desktop/'];
  expect(paths.filter((path) => !places.some((place) => existsSync(inProject(`${place}${path}`))))).toEqual(
    [],
  );
});

/** What would take a protection of Chromium, Electron or Node away, wherever it stood. */
const switches =
  /webSecurity: false|allowRunningInsecureContent: true|experimentalFeatures: true|enableBlinkFeatures|webviewTag: true|sandbox: false|contextIsolation: false|nodeIntegration: true|bypassCSP: true|no-sandbox|disable-web-security|ignore-certificate-errors|setCertificateVerifyProc|rejectUnauthorized: false|NODE_TLS_REJECT_UNAUTHORIZED/u;

test('nothing switches a protection off', () => {
  const files = ['electron', 'renderer', 'shared'].flatMap((folder) =>
    readdirSync(inProject(folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /(?<!\.test)\.(?:tsx?|m?js)$/.test(entry.name))
      .map(({ parentPath, name }) => join(parentPath, name)),
  );
  expect(files.length).toBeGreaterThan(300);
  // It names them to refuse them.
  const refusing = inProject('electron/host/desktop/weakening-switches.ts');
  expect(files).toContain(refusing);
  expect(files.filter((file) => file !== refusing && switches.test(readFileSync(file, 'utf8')))).toEqual([]);
});
