import type { CommandAction, ViewCursor } from '../actions/command-action.ts';
import type { Late } from '../ui/late.ts';
import type { KeptCommand } from './kept-command.ts';

/**
 * Commands and cursor of a view that is fetched late: until it is here there is nothing for them to act on.
 * The last command that was given before that is kept for when it is.
 */

/** @param commands the commands' entries, of which the names are taken. */
export function commandsOnceHere<Module, Name extends string>(
  part: Late<Module>,
  commands: Readonly<Record<Name, unknown>>,
  actionsOf: (module: Module) => Readonly<Record<Name, CommandAction>>,
  kept: KeptCommand,
): Readonly<Record<Name, CommandAction>> {
  const names = Object.keys(commands) as Name[];
  const actionNow = (name: Name): CommandAction | undefined => {
    const state = part.read();
    return state.kind === 'here' ? actionsOf(state.module)[name] : undefined;
  };
  const actions = names.map((name): [Name, CommandAction] => [
    name,
    {
      run: (app) => actionNow(name)?.run(app),
      available: (app) => {
        const action = actionNow(name);
        return action !== undefined && (action.available?.(app) ?? true);
      },
      keep: (app) => {
        if (part.read().kind !== 'here') kept.keep(app, () => actionNow(name));
      },
      refusal: (app) => actionNow(name)?.refusal?.(app) ?? '',
    },
  ]);
  return Object.fromEntries(actions) as Record<Name, CommandAction>;
}

export function cursorOnceHere<Module>(
  part: Late<Module>,
  cursorOf: (module: Module) => ViewCursor,
): ViewCursor {
  const now = (): ViewCursor | undefined => {
    const state = part.read();
    return state.kind === 'here' ? cursorOf(state.module) : undefined;
  };
  return {
    move: (app, step) => now()?.move(app, step),
    open: (app) => now()?.open(app),
    canOpen: (app) => now()?.canOpen?.(app) ?? true,
  };
}
