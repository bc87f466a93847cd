import { expect, it } from 'vitest';
import type { DesktopPart, DesktopShell, MakeDesktopPart } from './desktop-parts.ts';
import { Parts } from './parts.ts';

const shell = {} as DesktopShell;

function fails(): never {
  throw new Error('a fault');
}

/** Three parts, the one in the middle broken in every way. */
function world(broken: DesktopPart | 'not made') {
  const heard: string[] = [];
  const logged: string[] = [];
  const sound =
    (name: string): MakeDesktopPart =>
    () => ({
      windowLinked: () => void heard.push(`${name} linked`),
      close: () => void heard.push(`${name} closed`),
    });
  const parts = new Parts((event) => void logged.push(event));
  parts.make([sound('first'), broken === 'not made' ? fails : () => broken, sound('last')], shell);
  return { parts, heard, logged };
}

it.each<[string, DesktopPart | 'not made', number]>([
  ['cannot be made', 'not made', 1],
  ['throws at everything', { windowLinked: fails, keepsRunning: fails, close: fails }, 3],
  ['rejects at its end', { close: () => Promise.reject(new Error('a fault')) }, 1],
  ['hears nothing', {}, 0],
])(
  'one that %s is logged; the others are told in order and closed in reverse',
  async (_how, broken, faults) => {
    const { parts, heard, logged } = world(broken);
    parts.tell((part) => part.windowLinked?.());
    expect(parts.keepRunning).toBe(false);
    await parts.close();
    expect(heard).toEqual(['first linked', 'last linked', 'last closed', 'first closed']);
    expect(logged).toEqual(Array.from({ length: faults }, () => 'desktop.part-failed'));
  },
);

it('one that does not end is waited for two seconds', async () => {
  const { parts, heard } = world({ close: () => new Promise<void>(() => undefined) });
  const startedAtMs = performance.now();
  await parts.close();
  expect(performance.now() - startedAtMs).toBeGreaterThan(1_900);
  expect(performance.now() - startedAtMs).toBeLessThan(3_000);
  expect(heard).toEqual(['last closed', 'first closed']);
});
