import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as v from 'valibot';
import { inProject, projectRoot } from '../../scripts/project.ts';
import { subpathImports } from './resolve-import.ts';
import { violationsIn } from './rules.ts';
import { gitSourceFiles, readSourceTree } from './source-tree.ts';

/** The architecture of this very checkout. What each rule catches is shown by rules.test.ts. */

/** Fewer than this would mean that the walk is broken and the rules looked at nothing. */
const fewestFiles = 300;

const manifest = v.parse(
  v.object({
    imports: v.record(v.string(), v.string()),
    dependencies: v.record(v.string(), v.string()),
  }),
  JSON.parse(readFileSync(inProject('package.json'), 'utf8')),
);
const files = readSourceTree(projectRoot);
const paths = files.map((file) => file.path);

test(`no rule of the architecture is broken in ${files.length} files`, () => {
  const violations = violationsIn(files, { dependencies: Object.keys(manifest.dependencies) });
  expect(violations.map(({ rule, at }) => `${at} [${rule}]`)).toEqual([]);
});

test('the rules saw the whole tree', (context) => {
  expect(paths.length).toBeGreaterThan(fewestFiles);
  const tracked = gitSourceFiles(projectRoot);
  if (tracked === undefined) context.skip('not a git checkout: nothing to compare the file list with');
  expect(paths).toEqual(tracked);
});

test('every import between our files leads to a file that is there', () => {
  const known = new Set(paths);
  const dangling = files.flatMap((file) =>
    file.imports.flatMap(({ line, target }) =>
      target.kind === 'file' && /\.(?:ts|tsx|mjs)$/.test(target.path) && !known.has(target.path)
        ? [`${file.path}:${line} ${target.path}`]
        : [],
    ),
  );
  expect(dangling).toEqual([]);
});

test('subpath imports are read as package.json defines them', () => {
  const expected = Object.fromEntries(
    Object.entries(subpathImports).map(([prefix, folder]) => [`${prefix}*`, `./${folder}*`]),
  );
  expect(manifest.imports).toEqual(expected);
});
