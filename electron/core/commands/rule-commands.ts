import type { commands } from '#shared/contract.ts';
import { success } from '#shared/result.ts';
import type { Handlers } from '#shared/rpc/server.ts';

/** Handlers of the commands about local rules. */
export interface RuleCommandServices {
  readonly rules: { readonly reload: () => Promise<void> };
}

export function ruleCommands({
  rules,
}: RuleCommandServices): Pick<Handlers<typeof commands>, 'rules.reload'> {
  return {
    'rules.reload': async () => {
      await rules.reload();
      return success({});
    },
  };
}
