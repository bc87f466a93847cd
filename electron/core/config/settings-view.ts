import type { SettingsView } from '#shared/model/settings.ts';
import type { ConfigurationState } from './configuration-state.ts';

/** The state of the configuration for a window: secrets as references or masked, never their values. */
export function settingsView(state: ConfigurationState): SettingsView {
  const { environment, operator, groupBy, views } = state.configuration;
  return {
    path: state.path,
    exists: state.state !== 'none',
    demo: state.demo,
    environment,
    operator,
    groupBy: [...groupBy],
    sources: [...views],
    problems: [...state.problems],
  };
}
