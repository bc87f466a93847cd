import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { answerRequest } from '#host/desktop/app-protocol.ts';
import { readWindowFiles, type FileTable } from '#host/window-files.ts';
import { ensureRenderer } from '../../scripts/build.ts';
import { inProject } from '../../scripts/project.ts';

/** What a window has to fetch and to evaluate before its first view, as it was built. */

const directory = inProject('dist/renderer');
/**
 * A tenth more than it was when the other views left it, and what triage needs with the first rows: lanes, groups,
 * barcodes, marks and verdicts; and a sentence for each key of the first views that can do nothing. Who needs more says
 * here why.
 */
const mostBytes = 464_000;
/** Words of large packages that survive minification, each of one that the first view does without. */
const laterPackages = {
  re2js: 'missing argument to repetition',
  'markdown-it': 'blockquote_open',
  uplot: 'u-legend',
  '@grafana/lezer-logql': 'LabelFormatExpr',
  cmdk: 'cmdk-input',
  '@base-ui/react dialog': 'base-ui-inert',
} as const;

let first: readonly string[] = [];
let later: readonly string[] = [];
beforeAll(async () => {
  await ensureRenderer();
  const page = readFileSync(join(directory, 'index.html'), 'utf8');
  first = [
    ...new Set([...page.matchAll(/(?:src|href)="\.\/assets\/([^"]+\.js)"/g)].map(([, name = '']) => name)),
  ];
  later = readdirSync(join(directory, 'assets')).filter(
    (name) => name.endsWith('.js') && !first.includes(name),
  );
}, 120_000);

function textOf(names: readonly string[]): string {
  return names.map((name) => readFileSync(join(directory, 'assets', name), 'utf8')).join('\n');
}

describe('the first script', () => {
  it('is small', () => {
    expect(first.length).toBeGreaterThan(0);
    expect(textOf(first).length).toBeLessThan(mostBytes);
  });

  it.each(Object.entries(laterPackages))('does without %s, which comes later', (_name, word) => {
    expect([textOf(first).includes(word), textOf(later).includes(word)]).toEqual([false, true]);
  });

  it('is fetched in one round: the page names every script that another one needs at once', () => {
    expect(first.length).toBeLessThanOrEqual(3);
    const needed = [...textOf(first).matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g)].map(
      ([, name]) => name,
    );
    expect(needed.filter((name) => !first.includes(name ?? ''))).toEqual([]);
  });

  it('comes after the one that asks the host for a link, which is short and needs no other', () => {
    const [link = ''] = first;
    expect(link).toMatch(/^link-/);
    expect(textOf([link]).length).toBeLessThan(25_000);
    expect(/(?:from|import)\s*"\.\//.test(textOf([link]))).toBe(false);
  });

  it('is that of a build for people, whoever asked for it', () => {
    expect(/jsxDEV|fileName:/.test(textOf([...first, ...later]))).toBe(false);
  });

  it('is followed by scripts that both hosts hand out', async () => {
    const files = await readWindowFiles(directory);
    const table: FileTable = files.ok ? files.value : new Map();
    const named = [...textOf([...first, ...later]).matchAll(/"\.\/([\w.-]+\.js)"/g)].map(([, name]) => name);
    expect(new Set(named).size).toBeGreaterThan(8);
    const missing = [...new Set(named)].filter((name) => {
      const url = `/assets/${name ?? ''}`;
      return (
        !table.has(url) || answerRequest({ method: 'GET', url: `app://opssight${url}` }, table).status !== 200
      );
    });
    expect(missing).toEqual([]);
  });
});
