import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ruleNames, violationsIn, type RuleName } from './rules.ts';
import { readFacts } from './source-facts.ts';
import { readSourceTree } from './source-tree.ts';

/** The test of the test: for every rule, what it must catch, and what it must leave alone. */

const context = { dependencies: ['react', 'valibot', 'ws'] };

function rulesBroken(path: string, text: string): readonly RuleName[] {
  return violationsIn([readFacts(path, text)], context).map((violation) => violation.rule);
}

const longBody = 'call();\n'.repeat(60);

const forbidden: readonly (readonly [rule: RuleName, path: string, text: string])[] = [
  ['syntax', 'shared/a.ts', 'export const = ;'],
  ['layers', 'shared/a.ts', `import { b } from '#core/store/b.ts';`],
  ['layers', 'shared/a.ts', `import { readFileSync } from 'node:fs';`],
  ['layers', 'shared/a.ts', `import ws from 'ws';`],
  ['layers', 'shared/model/a.ts', `import type { B } from '../../renderer/b.ts';`],
  ['layers', 'shared/a.ts', `export { b } from '#renderer/b.ts';`],
  ['layers', 'shared/a.ts', `export * from '../electron/serve.ts';`],
  ['layers', 'shared/a.ts', `const b = await import('#core/main.ts');`],
  ['layers', 'shared/a.ts', `type B = import('#core/main.ts').B;`],
  ['layers', 'electron/core/store/a.ts', `import { b } from '#host/supervisor.ts';`],
  ['layers', 'electron/core/a.ts', `import { b } from '../demo/fleet.ts';`],
  ['layers', 'electron/core/publish/a.ts', `import { b } from '#renderer/b.ts';`],
  ['layers', 'electron/core/sources/a.ts', `import { b } from '../rules/b.ts';`],
  ['layers', 'electron/core/sources/a.ts', `import { b } from '#core/incidents/b.ts';`],
  ['layers', 'electron/core/incidents/a.ts', `import type { B } from '#core/sources/b.ts';`],
  ['layers', 'electron/core/incidents/a.ts', `import type { B } from '../rules/b.ts';`],
  ['layers', 'electron/core/rules/a.ts', `import { b } from '../sources/b.ts';`],
  ['layers', 'electron/core/notify/a.ts', `import { b } from '../main.ts';`],
  ['layers', 'electron/core/sources/a.ts', `import { b } from '#core/main.ts';`],
  ['layers', 'electron/core/a.ts', `import react from 'react';`],
  ['layers', 'electron/core/a.ts', `import { app } from 'electron';`],
  ['layers', 'electron/core/a.ts', `import { helper } from '#support/temp.ts';`],
  ['layers', 'electron/demo/a.ts', `import { b } from '#core/store/b.ts';`],
  ['layers', 'electron/host/browser/a.ts', `import { app } from 'electron';`],
  ['layers', 'electron/host/a.ts', `import { b } from '#core/store/b.ts';`],
  ['layers', 'electron/host/safe-external.ts', `import { shell } from 'electron';`],
  ['layers', 'electron/demo/a.ts', `import { app } from 'electron';`],
  ['layers', 'electron/cli/a.ts', `import { app } from 'electron';`],
  ['layers', 'electron/serve.ts', `import { app } from 'electron';`],
  ['layers', 'renderer/bridge/a.ts', `import { ipcRenderer } from 'electron';`],
  ['layers', 'shared/a.ts', `import type { App } from 'electron';`],
  ['layers', 'electron/main.ts', `import { a } from '#core/main.ts';`],
  ['layers', 'electron/preload.ts', `import { a } from '#renderer/bridge/connect.ts';`],
  ['layers', 'electron/host/desktop/a.ts', `import { a } from '#core/console-core.ts';`],
  ['layers', 'electron/host/desktop/demo-entry.ts', `import { a } from '#core/main.ts';`],
  ['layers', 'electron/host/desktop/core-entry.ts', `import { a } from '../../demo/run-demo.ts';`],
  ['layers', 'electron/cli/a.ts', `import { b } from '#host/supervisor.ts';`],
  ['layers', 'electron/serve.ts', `import { b } from '#renderer/b.ts';`],
  ['layers', 'renderer/main.tsx', `import { b } from '#core/store/b.ts';`],
  ['layers', 'renderer/main.tsx', `import { b } from '#host/port.ts';`],
  ['layers', 'renderer/main.tsx', `import { join } from 'node:path';`],
  ['layers', 'renderer/bridge/a.ts', `import ws from 'ws';`],
  ['layers', 'renderer/features/inbox/a.tsx', `import { b } from '../sources/b.tsx';`],
  ['layers', 'renderer/features/inbox/a.tsx', `import { b } from '../../main.tsx';`],
  ['layers', 'renderer/parts/a.tsx', `import { b } from '../features/inbox/b.tsx';`],
  ['layers', 'renderer/stores/a.ts', `import { b } from '../features/inbox/b.tsx';`],
  ['layers', 'renderer/ui/a.tsx', `import { b } from '../stores/live.ts';`],
  ['layers', 'newfolder/a.ts', `export const a = 1;`],
  ['production-packages', 'shared/a.ts', `import { test } from 'vitest';`],
  ['markup-or-code-from-text', 'renderer/ui/a.tsx', `export const a = <p dangerouslySetInnerHTML={b} />;`],
  ['markup-or-code-from-text', 'renderer/ui/a.ts', `element.innerHTML = text;`],
  ['markup-or-code-from-text', 'renderer/ui/a.ts', `element['outerHTML'] = text;`],
  ['markup-or-code-from-text', 'renderer/ui/a.ts', `element.insertAdjacentHTML('beforeend', text);`],
  ['markup-or-code-from-text', 'renderer/ui/a.ts', `document.write(text);`],
  ['markup-or-code-from-text', 'renderer/ui/a.ts', `create('p', { dangerouslySetInnerHTML: text });`],
  ['markup-or-code-from-text', 'shared/a.ts', `eval(text);`],
  ['markup-or-code-from-text', 'shared/a.ts', `new Function('a', text);`],
  ['sql-only-in-store', 'electron/core/incidents/a.ts', `const a = 'SELECT id FROM incident';`],
  ['sql-only-in-store', 'electron/cli/a.ts', 'const a = `\n  INSERT INTO incident VALUES (?)`;'],
  ['sql-only-in-store', 'shared/a.ts', `const a = 'pragma journal_mode';`],
  ['sql-is-constant', 'electron/core/store/a.ts', 'const a = `SELECT ${column} FROM incident`;'],
  ['built-patterns', 'shared/a.ts', `const a = new RegExp(text);`],
  ['built-patterns', 'renderer/ui/a.ts', 'const a = RegExp(`^${text}`);'],
  ['file-length', 'shared/a.ts', 'export const a = 1;\n'.repeat(401)],
  ['function-length', 'shared/a.ts', `export function a() {\n${longBody}}`],
  ['function-length', 'shared/a.ts', `export const a = () => {\n${longBody}};`],
  ['function-length', 'shared/a.ts', `class A {\n  b() {\n${longBody}}\n}`],
  ['function-length', 'renderer/ui/a.tsx', `export function Component() {\n${longBody.repeat(3)}}`],
  ['named-exports', 'shared/a.ts', `export default 1;`],
];

const allowed: readonly (readonly [path: string, text: string])[] = [
  ['shared/a.ts', `import { b } from './b.ts';\nimport * as v from 'valibot';`],
  ['shared/a.test.ts', `import { readFileSync } from 'node:fs';\nimport { test } from 'vitest';`],
  ['electron/core/main.ts', `import { a } from './sources/a.ts';\nimport { b } from '#core/incidents/b.ts';`],
  ['electron/core/sources/a.ts', `import { b } from '../store/b.ts';\nimport tls from 'node:tls';`],
  ['electron/core/notify/a.ts', `import type { HostPort } from '#host/port.ts';`],
  ['electron/core/store/a.ts', `const a = 'SELECT id FROM incident WHERE id = ?';`],
  ['electron/host/desktop/a.ts', `import { app } from 'electron';`],
  ['electron/host/desktop/core-entry.ts', `import { startCore } from '#core/main.ts';`],
  ['electron/host/desktop/demo-entry.ts', `import { runDemo } from '../../demo/run-demo.ts';`],
  ['electron/serve.ts', `import { a } from './host/browser/a.ts';\nimport { b } from './demo/b.ts';`],
  ['renderer/features/inbox/a.tsx', `import { b } from './b.tsx';\nimport { c } from '../../parts/c.tsx';`],
  ['renderer/main.tsx', `import { a } from './features/inbox/a.tsx';\nimport { useState } from 'react';`],
  ['renderer/ui/a.tsx', `export function Component() {\n${longBody}}`],
  ['renderer/ui/a.ts', `// innerHTML and eval in a comment are no danger\nconst a = /^SELECT/;`],
  [
    'renderer/ui/a.ts',
    `const a = 'Create the source, or select one from the list';\nconst b = new RegExp('x');`,
  ],
  ['vite.config.ts', `export default {};`],
  ['shared/a.test.ts', 'call();\n'.repeat(900)],
];

describe('each rule catches what it forbids', () => {
  test.for(forbidden)('%s in %s: %s', ([rule, path, text]) => {
    expect(rulesBroken(path, text)).toContain(rule);
  });

  test('and every rule is among them', () => {
    expect(new Set(forbidden.map(([rule]) => rule))).toEqual(new Set(ruleNames));
  });
});

test.for(allowed)('leaves alone %s: %s', ([path, text]) => {
  expect(rulesBroken(path, text)).toEqual([]);
});

test('a forbidden import in a tree on disk is found and told with its place', () => {
  const root = mkdtempSync(join(tmpdir(), 'opssight-architecture-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const tree = {
    'shared/good.ts': `export const good = 1;\n`,
    'electron/core/sources/bad.ts': `import { good } from '#shared/good.ts';\nimport { b } from '../rules/b.ts';\n`,
    'node_modules/other/index.js': `import '../../shared/good.ts';\n`,
  };
  for (const [path, text] of Object.entries(tree)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const files = readSourceTree(root);
  expect(files.map((file) => file.path)).toEqual(['electron/core/sources/bad.ts', 'shared/good.ts']);
  expect(violationsIn(files, context)).toEqual([
    {
      rule: 'layers',
      at: 'electron/core/sources/bad.ts:2 core/sources may not import electron/core/rules/b.ts',
    },
  ]);
});
