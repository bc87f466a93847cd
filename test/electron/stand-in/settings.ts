import { availableParallelism } from 'node:os';

/** What a test decides of the machine that the stand-in pretends to be; handed over in one variable. */
export interface StandInSettings {
  /** Holds home, userData, the browser's profile and the instance lock. */
  readonly root: string;
  readonly platform: NodeJS.Platform;
  readonly displays: readonly DisplaySettings[];
  /** What `safeStorage.getSelectedStorageBackend()` answers. */
  readonly backend: StorageBackend;
  readonly notificationsSupported: boolean;
  /**
   * False: the tray's constructor throws. Electron itself cannot tell whether a tray is shown (electron#5065,
   * electron#5872): it throws only for an image that it cannot read.
   */
  readonly trayShown: boolean;
  readonly darkColors: boolean;
  readonly locale: string;
  /** Answers of `session.resolveProxy`. */
  readonly proxy: string;
  readonly isPackaged: boolean;
  /** macOS started the app with the session. */
  readonly openedAtLogin: boolean;
  readonly shortcutsTaken: readonly string[];
}

export type StorageBackend = ReturnType<Electron.SafeStorage['getSelectedStorageBackend']> | 'unavailable';

export interface DisplaySettings {
  readonly id: number;
  readonly bounds: Electron.Rectangle;
  readonly workArea: Electron.Rectangle;
  readonly scaleFactor: number;
}

const defaultDisplay: DisplaySettings = {
  id: 1,
  bounds: { x: 0, y: 0, width: 1920, height: 1080 },
  workArea: { x: 0, y: 27, width: 1920, height: 1053 },
  scaleFactor: 1,
};

const defaultSettings: Omit<StandInSettings, 'root'> = {
  platform: 'linux',
  displays: [defaultDisplay],
  backend: 'gnome_libsecret',
  notificationsSupported: true,
  trayShown: true,
  darkColors: true,
  locale: 'en-GB',
  proxy: 'DIRECT',
  isPackaged: false,
  openedAtLogin: false,
  shortcutsTaken: [],
};

const settingsVariable = 'ELECTRON_STAND_IN';

/** Reads the settings and takes the variable away: the program under test must see only its own. */
function takeSettings(): StandInSettings {
  const text = process.env[settingsVariable];
  delete process.env[settingsVariable];
  if (text === undefined) throw new Error(`${settingsVariable} is missing; start it through control.ts`);
  return {
    ...defaultSettings,
    ...(JSON.parse(text) as Partial<StandInSettings> & Pick<StandInSettings, 'root'>),
  };
}

export const settings: StandInSettings = takeSettings();

/** Two cores and many windows at once are slow; nothing here is about speed. */
export const patienceMs = availableParallelism() < 4 ? 30_000 : 15_000;
