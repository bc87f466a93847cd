import type { CommandAction } from '../actions/command-action.ts';
import { openSilenceForm } from '../actions/silences.ts';
import { show } from '../actions/view.ts';
import { silencesCommands, type silencingCommands } from '../keys/commands/silences.ts';
import { commandsOnceHere } from './commands-once-here.ts';
import type { KeptCommand } from './kept-command.ts';
import { parts } from './late/parts.ts';
import { noneOpen } from './refusals.ts';
import { subjectsOf } from './subjects.ts';

/** What the commands about silences do: those that lead to them, and those of their view, which comes late. */
export function silencing(
  kept: KeptCommand,
): Readonly<Record<keyof typeof silencingCommands | keyof typeof silencesCommands, CommandAction>> {
  return {
    'incident.silence': {
      run: (app) => openSilenceForm(app, { kind: 'new', incidentIds: subjectsOf(app).map(({ id }) => id) }),
      available: (app) => subjectsOf(app).length > 0,
      refusal: noneOpen,
    },
    'go.silences': { run: (app) => show(app, { kind: 'silences', isOpen: false }) },
    ...commandsOnceHere(parts.silences, silencesCommands, ({ silencesActions }) => silencesActions, kept),
  };
}
