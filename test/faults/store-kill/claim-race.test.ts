import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { claimDataFolder } from '#core/store/lock.ts';
import { Cleanup } from '#support/cleanup.ts';
import { eventually } from '#support/eventually.ts';
import { temporaryFolder } from '#support/temporary-folder.ts';

/** R19: of many processes that claim a data folder at once, one has it, until it is killed. */
const starts = process.env['OPSSIGHT_FULL'] === '1' ? 100 : 20;
const claimant = fileURLToPath(new URL('claimant.ts', import.meta.url));
const cleanup = new Cleanup();

afterEach(() => cleanup.run());

class Claimant {
  said = '';
  readonly #child;

  constructor(directory: string) {
    const child = spawn(process.execPath, [claimant, directory], { stdio: ['pipe', 'pipe', 'inherit'] });
    child.stdout.on('data', (chunk: Buffer) => (this.said += chunk.toString()));
    cleanup.add(() => this.kill());
    this.#child = child;
  }

  async says(pattern: RegExp): Promise<void> {
    await eventually(
      `a claimant says ${String(pattern)}`,
      () => pattern.test(this.said) || undefined,
      60_000,
    );
  }

  start(): void {
    this.#child.stdin.write('go\n');
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }
}

test(`of ${starts} racing starts exactly one has the folder, and a kill frees it`, async () => {
  const directory = temporaryFolder(cleanup);
  const claimants = Array.from({ length: starts }, () => new Claimant(directory));
  await Promise.all(claimants.map((one) => one.says(/ready/)));
  for (const one of claimants) one.start();
  await Promise.all(claimants.map((one) => one.says(/held|refused/)));
  const holders = claimants.filter((one) => one.said.includes('held'));
  expect(holders).toHaveLength(1);
  expect(claimants.filter((one) => one.said.includes('refused conflict'))).toHaveLength(starts - 1);
  expect(await claimDataFolder(directory, 'host', 0)).toMatchObject({
    ok: false,
    failure: { code: 'conflict' },
  });
  holders[0]?.kill();
  const claimed = await claimDataFolder(directory, 'host', 5_000);
  expect(claimed.ok).toBe(true);
  if (claimed.ok) claimed.value.release();
});
