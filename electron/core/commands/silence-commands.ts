import type { SilenceDesk } from '#core/silences/silence-desk.ts';
import type { commands } from '#shared/contract.ts';
import type { CommandFailure } from '#shared/failure.ts';
import { success, type Result } from '#shared/result.ts';
import type { Handlers } from '#shared/rpc/server.ts';

/** Handlers of the commands about silences. They translate; the desk and its outbox decide. */

type SilenceCommand =
  | 'silence.save'
  | 'silence.expire'
  | 'outbox.withdraw'
  | 'outbox.retry'
  | 'outbox.settle';

type Nothing = Result<Record<string, never>, CommandFailure>;

export function silenceCommandHandlers(
  desk: SilenceDesk,
  operator: () => string,
): Pick<Handlers<typeof commands>, SilenceCommand> {
  const answered = (outcome: Result<void, CommandFailure>): Nothing => (outcome.ok ? success({}) : outcome);
  return {
    'silence.save': async ({ draft, cluster, replaces, incidentIds }) => {
      const put = await desk.save({ draft, cluster, replaces, incidentIds, by: operator() });
      return put.ok ? success({ outboxId: put.value.id }) : put;
    },
    'silence.expire': async ({ keys }) => {
      const outboxIds: string[] = [];
      const refused: { key: string; reason: string }[] = [];
      for (const key of new Set(keys)) {
        const put = await desk.expire(key, operator());
        if (put.ok) outboxIds.push(put.value.id);
        else refused.push({ key, reason: put.failure.message });
      }
      return success({ outboxIds, refused });
    },
    'outbox.withdraw': ({ id }) => desk.outbox.withdraw(id, operator()),
    'outbox.retry': async ({ id }) => answered(await desk.outbox.retry(id, operator())),
    'outbox.settle': async ({ id, choice }) => answered(await desk.outbox.settle(id, choice, operator())),
  };
}
