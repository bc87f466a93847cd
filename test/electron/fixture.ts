import { join } from 'node:path';
import { inProject } from '../../scripts/project.ts';
import type { Cleanup } from '../support/cleanup.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { startStandIn, type StandIn } from './stand-in/control.ts';
import type { StandInSettings } from './stand-in/settings.ts';

/** Starts one of the stand-in's own small applications. */
export function startScript(
  name: string,
  cleanup: Cleanup,
  given: { args?: readonly string[]; root?: string; machine?: Partial<StandInSettings> } = {},
): StandIn {
  const root = given.root ?? join(temporaryFolder(cleanup), 'machine');
  const entry = inProject(`test/electron/stand-in/scripts/${name}`);
  return startStandIn({ entry, args: given.args ?? [], settings: { ...given.machine, root } }, cleanup);
}

/** Runs a self-contained function in the main process. */
export function inMain<Argument, Answer>(
  standIn: StandIn,
  run: (electron: typeof import('electron'), argument: Argument) => Answer,
  argument: Argument,
): Promise<Awaited<Answer>> {
  return standIn.ask('evaluateMain', run.toString(), argument) as Promise<Awaited<Answer>>;
}

/** A value that the application under test left on its global object. */
export async function globalOf<Value>(standIn: StandIn, name: string): Promise<Value> {
  return (await inMain(standIn, (_electron, key) => Reflect.get(globalThis, key) as unknown, name)) as Value;
}
