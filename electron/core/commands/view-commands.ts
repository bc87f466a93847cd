import type { ViewShelf } from '#core/views/view-shelf.ts';
import type { commands } from '#shared/contract.ts';
import type { Handlers } from '#shared/rpc/server.ts';

/** Handlers of the commands about saved views. */
export function viewCommands(
  shelf: ViewShelf,
  operator: () => string,
): Pick<Handlers<typeof commands>, 'views.save'> {
  return {
    'views.save': ({ views, carriedOver }) => shelf.save(views, carriedOver, operator()),
  };
}
