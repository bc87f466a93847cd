import { settings } from './settings.ts';
import { modelled, StandInEmitter } from './unmodelled.ts';
import { allWindows } from './windows.ts';

/** `nativeTheme`, which decides the pages' `prefers-color-scheme`. */

class StandInNativeTheme
  extends StandInEmitter
  implements
    Pick<
      Electron.NativeTheme,
      | 'themeSource'
      | 'shouldUseDarkColors'
      | 'shouldUseHighContrastColors'
      | 'shouldUseInvertedColorScheme'
      | 'inForcedColorsMode'
    >
{
  readonly shouldUseHighContrastColors = false;
  readonly shouldUseInvertedColorScheme = false;
  readonly inForcedColorsMode = false;
  #systemIsDark = settings.darkColors;
  #source: 'system' | 'light' | 'dark' = 'system';

  constructor() {
    super('nativeTheme', ['updated']);
  }

  get shouldUseDarkColors(): boolean {
    return this.#source === 'system' ? this.#systemIsDark : this.#source === 'dark';
  }

  get themeSource(): 'system' | 'light' | 'dark' {
    return this.#source;
  }

  set themeSource(source: 'system' | 'light' | 'dark') {
    if (!['system', 'light', 'dark'].includes(source)) throw new TypeError(`Invalid themeSource ${source}`);
    this.#change(() => (this.#source = source));
  }

  systemIs(dark: boolean): void {
    this.#change(() => (this.#systemIsDark = dark));
  }

  #change(change: () => unknown): void {
    const before = this.shouldUseDarkColors;
    change();
    const dark = this.shouldUseDarkColors;
    if (dark === before) return;
    const colorScheme = dark ? 'dark' : 'light';
    for (const { contents } of allWindows())
      void contents.driver?.page.emulateMedia({ colorScheme }).catch(() => undefined);
    this.emit('updated');
  }
}

const theme = new StandInNativeTheme();
export const nativeTheme = modelled('nativeTheme', theme);

export const themeControls = {
  systemColors: (dark: boolean) => theme.systemIs(dark),
  themeSource: () => theme.themeSource,
};
