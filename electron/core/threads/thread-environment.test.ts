import { expect, test } from 'vitest';
import { threadEnvironment } from './thread-environment.ts';

test('a thread is told where compiled code is kept, and nothing else', () => {
  const core = { PATH: '/bin', PAGER_TOKEN: 'c4n4ry', NODE_OPTIONS: '--require=/tmp/x.js' };
  expect(threadEnvironment(core)).toEqual({});
  const compiled = { NODE_COMPILE_CACHE: '/home/te/.cache/opssight/compiled' };
  expect(threadEnvironment({ ...core, ...compiled })).toEqual(compiled);
});
