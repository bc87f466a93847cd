import type { OutboxEntry, OutboxRequest } from '#shared/model/silence.ts';
import { success } from '#shared/result.ts';
import type { ScriptedCore, ScriptedQuestions } from './scripted-core.ts';
import { silencePreview } from './silence-models.ts';

/** What a scripted core does about silences: what is asked for is held in its outbox, and no more happens. */
export function silenceAnswers(core: () => ScriptedCore): ScriptedQuestions {
  const hold = (request: OutboxRequest, cluster: string): string => {
    const { outbox, console } = core().state;
    const nowMs = Date.now();
    const entry: OutboxEntry = {
      id: crypto.randomUUID(),
      cluster,
      by: console.operator,
      createdAtMs: nowMs,
      dueAtMs: nowMs + 10_000,
      request,
      state: 'held',
      targets: [{ source: cluster, state: 'waiting', detail: '', atMs: null }],
      conflict: '',
      isDisplaced: false,
      silenceId: null,
    };
    core().update({ outbox: [...outbox, entry] });
    return entry.id;
  };
  const become = (id: string, state: OutboxEntry['state']) => {
    const { outbox } = core().state;
    core().update({ outbox: outbox.map((entry) => (entry.id === id ? { ...entry, state } : entry)) });
    return success({});
  };
  const named = (key: string | null) => core().state.silences.find((silence) => silence.key === key);
  return {
    'silence.preview': ({ matchers }) =>
      success(silencePreview({ matcherCounts: matchers.map((_, index) => index + 3) })),
    'silence.save': ({ draft, cluster, replaces }) => {
      const edited = named(replaces);
      if (edited === undefined) return success({ outboxId: hold({ kind: 'create', draft }, cluster) });
      const { id, updatedAtMs: seenUpdatedAtMs } = edited;
      return success({ outboxId: hold({ kind: 'edit', id, seenUpdatedAtMs, draft }, edited.cluster) });
    },
    'silence.expire': ({ keys }) => {
      const outboxIds = keys.flatMap((key) => {
        const silence = named(key);
        if (silence === undefined) return [];
        const { id, updatedAtMs: seenUpdatedAtMs, cluster } = silence;
        return [hold({ kind: 'expire', id, seenUpdatedAtMs }, cluster)];
      });
      return success({ outboxIds, refused: [] });
    },
    'outbox.withdraw': ({ id }) => {
      become(id, 'withdrawn');
      return success({ mayHaveArrived: false });
    },
    'outbox.retry': ({ id }) => become(id, 'sending'),
    'outbox.settle': ({ id, choice }) => become(id, choice === 'mine' ? 'waiting' : 'withdrawn'),
  };
}
