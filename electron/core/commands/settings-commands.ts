import type { ConfigurationDesk } from '#core/configuration-desk.ts';
import type { commands } from '#shared/contract.ts';
import { success } from '#shared/result.ts';
import type { Handlers } from '#shared/rpc/server.ts';

/** Handlers of the commands about the configuration. */
type SettingsCommand = 'settings.read' | 'settings.saveSource' | 'settings.removeSource';

export function settingsCommands(
  configuration: ConfigurationDesk,
): Pick<Handlers<typeof commands>, SettingsCommand> {
  return {
    'settings.read': async () => success(configuration.view()),
    'settings.saveSource': ({ draft, replaces }) => configuration.save(draft, replaces),
    'settings.removeSource': ({ name }) => configuration.remove(name),
  };
}
