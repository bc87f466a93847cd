import * as fc from 'fast-check';
import type { ServerMode, SilenceWorld } from './silence-world.ts';

/** What happens around an outbox while changes wait in it: time, its two servers, the end of the console. */
export type Disturbance =
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'server'; readonly isA: boolean; readonly mode: ServerMode }
  | { readonly kind: 'crash' | 'gossip' };

const modes: readonly ServerMode[] = ['answers', 'away', 'loses-request', 'loses-answer'];

export const turnsOfServers = fc.record({
  kind: fc.constant('server' as const),
  isA: fc.boolean(),
  mode: fc.constantFrom(...modes),
});
export const crashesAndGossip = fc.record({ kind: fc.constantFrom('crash' as const, 'gossip' as const) });

export async function disturb(world: SilenceWorld, step: Disturbance): Promise<void> {
  switch (step.kind) {
    case 'wait':
      return await world.clock.advance(step.ms);
    case 'server':
      (step.isA ? world.a : world.b).mode = step.mode;
      return;
    case 'crash':
      return world.crash();
    case 'gossip':
      world.a.gossipWith(world.b);
  }
}
