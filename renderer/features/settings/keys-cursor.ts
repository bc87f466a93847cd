import type { ViewCursor } from '../../actions/command-action.ts';
import { openOverlay } from '../../actions/view.ts';
import { commandIds, commandOf, type CommandId } from '../../keys/keymap.ts';

/** Every command in the order of the settings: by group, each group where its first command is. */
export const listedCommands: readonly CommandId[] = [
  ...Map.groupBy(commandIds, (id) => commandOf(id).group).values(),
].flat();

/** The command under the cursor: the one chosen, else the first. */
export function commandUnderCursor(chosen: string | null): CommandId | undefined {
  return listedCommands.find((id) => id === chosen) ?? listedCommands[0];
}

export const keysCursor: ViewCursor = {
  move: ({ session }, step) => {
    const current = commandUnderCursor(session.getState().keyCursor);
    const from = current === undefined ? 0 : listedCommands.indexOf(current);
    const next = listedCommands[Math.min(listedCommands.length - 1, Math.max(0, from + step))];
    if (next !== undefined) session.setState({ keyCursor: next });
  },
  open: (app) => openOverlay(app, 'edit-keys'),
};
