import type { commands } from '#shared/contract.ts';
import type { CommandFailure } from '#shared/failure.ts';
import type { Labels } from '#shared/model/labels.ts';
import type { Paging, RoutingSubject, RoutingTree } from '#shared/model/routing.ts';
import { success, type Result } from '#shared/result.ts';
import type { Handlers } from '#shared/rpc/server.ts';

/** Handlers of the commands about routing. */
export interface RoutingCommandServices {
  tree(source: string): Promise<RoutingTree>;
  read(text: string): Promise<Result<RoutingTree, CommandFailure>>;
  explain(
    subject: RoutingSubject,
    labels: Labels,
    signal: AbortSignal,
  ): Promise<Result<Paging, CommandFailure>>;
}

export function routingCommands(
  routing: RoutingCommandServices,
): Pick<Handlers<typeof commands>, 'routing.tree' | 'routing.read' | 'routing.explain'> {
  return {
    'routing.tree': async ({ source }) => success(await routing.tree(source)),
    'routing.read': ({ text }) => routing.read(text),
    'routing.explain': ({ subject, labels }, { signal }) => routing.explain(subject, labels, signal),
  };
}
