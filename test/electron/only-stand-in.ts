import { existsSync } from 'node:fs';
import { TestRunner } from 'vitest';
import type { Desktop } from './driver.ts';
import type { StandIn } from './stand-in/control.ts';

/** Which of the two the specs drive, and what becomes of one that asks what only the stand-in can tell. */

const reason =
  'only the stand-in can tell what the system shows and answer for the person: docs/release.md, step 6';

/** Real Electron's binary; undefined: the stand-in is driven. */
export function electronBinary(): string | undefined {
  const binary = process.env['OPSSIGHT_ELECTRON'];
  return binary !== undefined && existsSync(binary) ? binary : undefined;
}

/**
 * On real Electron the running spec ends here, as skipped and with the reason: what it has found until then
 * still counts, since a failure would have ended it before.
 */
export function needsStandIn(): void {
  if (electronBinary() === undefined) return;
  const test = TestRunner.getCurrentTest();
  if (test === undefined) throw new Error(`not within a spec: ${reason}`);
  test.context.skip(reason);
}

/** The stand-in's controls; see `needsStandIn`. */
export function onStandIn({ standIn }: Desktop): StandIn {
  needsStandIn();
  if (standIn === undefined) throw new Error('the stand-in is driven, and there is none');
  return standIn;
}
