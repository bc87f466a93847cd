import { afterEach, expect, test } from 'vitest';
import { inProject } from '../../scripts/project.ts';
import { Cleanup } from '../support/cleanup.ts';
import { eventually } from '../support/eventually.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { startStandIn } from './stand-in/control.ts';

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

test('a main script runs unmodified: page, preload, ports and utility process', async () => {
  const entry = inProject('test/electron/stand-in/scripts/basic-main.ts');
  const standIn = startStandIn({ entry, settings: { root: temporaryFolder(cleanup) } }, cleanup);
  const page = await standIn.page();
  await eventually('ports came', () => page.evaluate(() => ('corePort' in window ? true : undefined)));
  await page.evaluate(() => {
    const { say } = window as unknown as { say: (port: 'host' | 'core', message: unknown) => void };
    say('host', { at: 1 });
    say('core', new Float64Array([2]));
  });
  const heard = await eventually('both answered', () =>
    page.evaluate(() => {
      const { heard: all } = window as unknown as { heard: object[] };
      return all.length === 2 ? all : undefined;
    }),
  );
  expect(heard).toContainEqual({ name: 'host', data: { echo: { at: 1 } }, isColumn: false });
  const column = new Float64Array([1.5, Number.NaN]);
  const answered = { asked: new Float64Array([2]), column, env: ['ONLY'] };
  expect(heard).toContainEqual({ name: 'core', data: answered, isColumn: true });
  expect(await standIn.ask('complaints')).toEqual([]);
  expect(await standIn.quit()).toBe('0');
});
