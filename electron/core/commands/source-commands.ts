import type { commands } from '#shared/contract.ts';
import { commandFailure, sourceFailed, type CommandFailure } from '#shared/failure.ts';
import type { SourceSet } from '#core/source-set.ts';
import { describeSource } from '#core/sources/describe.ts';
import { testConnection } from '#core/sources/probe.ts';
import type { ResolvedDraft } from '#core/config/configuration-store.ts';
import type { SourceDraft } from '#shared/model/settings.ts';
import { failed, success, type Result } from '#shared/result.ts';
import type { Handlers } from '#shared/rpc/server.ts';

/** Handlers of the commands about sources. */
export interface SourceCommandServices {
  readonly sources: SourceSet;
  /** Reads the secrets of a draft; a masked one is that of the configured source it replaces. */
  readonly resolveDraft: (
    draft: SourceDraft,
    replaces: string | null,
    secretsTo: readonly string[],
  ) => Promise<Result<ResolvedDraft, CommandFailure>>;
}

type SourceCommand = 'source.poll' | 'source.describe' | 'source.test';

export function sourceCommands({
  sources,
  resolveDraft,
}: SourceCommandServices): Pick<Handlers<typeof commands>, SourceCommand> {
  return {
    'source.poll': async ({ names }) => {
      const unknown = names.find((name) => sources.find(name) === undefined);
      if (unknown !== undefined) return failed(noSource(unknown));
      const asked = sources
        .all()
        .filter(({ settings }) => names.length === 0 || names.includes(settings.name));
      for (const { watch } of asked) watch.pollNow();
      return success({});
    },
    'source.describe': async ({ name }, { signal }) => {
      const watched = sources.find(name);
      if (watched === undefined) return failed(noSource(name));
      const facts = await describeSource(watched.watch.client, signal);
      return facts.ok ? success({ facts: [...facts.value] }) : failed(sourceFailed(name, facts.failure));
    },
    'source.test': async ({ draft, replaces, secretsTo }, { signal }) => {
      const resolved = await resolveDraft(draft, replaces, secretsTo);
      if (!resolved.ok) return resolved;
      const { asks, settings } = resolved.value;
      if (settings === null)
        return success({
          asks: asks.map(({ to, references }) => ({ to, references: [...references] })),
          steps: [],
        });
      return success({ asks: [], steps: [...(await testConnection(settings, signal))] });
    },
  };
}

function noSource(name: string): CommandFailure {
  return commandFailure(
    'not-found',
    `there is no source ${JSON.stringify(name)}`,
    'Look at the names in Sources.',
  );
}
