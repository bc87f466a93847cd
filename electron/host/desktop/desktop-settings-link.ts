import * as v from 'valibot';
import { desktopSettingsSchema, type DesktopSettings } from '#shared/host-window.ts';
import type { MakeDesktopPart } from './desktop-parts.ts';
import { keptSettings } from './desktop-settings.ts';

/** Shows the window what is decided about the app on this machine, and takes what it changes. */
export const desktopSettingsLink: MakeDesktopPart = (shell) => {
  const settings = keptSettings(shell);
  const tell = (): void =>
    shell.window.send({ kind: 'desktop', desktop: { settings: settings.settings, ...settings.facts } });
  settings.onChange(tell);
  return {
    windowLinked: tell,
    windowSaid(message) {
      if (message.kind !== 'change-desktop') return;
      const parsed = v.safeParse(desktopSettingsSchema, withChange(settings.settings, message.change));
      if (parsed.success) settings.change({ settings: parsed.output });
    },
  };
};

/** A key that is there without a value changes nothing. */
function withChange(
  settings: DesktopSettings,
  change: { readonly [Key in keyof DesktopSettings]?: DesktopSettings[Key] | undefined },
): object {
  return {
    ...settings,
    ...Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)),
  };
}
