import type { MakeDesktopPart } from './desktop-parts.ts';
import { keychain } from './keychain.ts';
import { applicationMenu } from './application-menu.ts';
import { backgroundNotice } from './background-notice.ts';
import { deepLinks } from './deep-links.ts';
import { desktopSettingsLink } from './desktop-settings-link.ts';
import { loginItem } from './login-item.ts';
import { notifyNatively } from './notify-natively.ts';
import { power } from './power.ts';
import { summonShortcut } from './summon-shortcut.ts';
import { systemTrust } from './system-trust.ts';
import { theme } from './theme.ts';
import { tray } from './tray.ts';
import { updates } from './updates.ts';
import { zoom } from './zoom.ts';

/** The parts of the desktop, in the order in which they are made and told things; closed in reverse. */
export const desktopParts: readonly MakeDesktopPart[] = [
  keychain,
  systemTrust,
  theme,
  zoom,
  tray,
  notifyNatively,
  backgroundNotice,
  applicationMenu,
  deepLinks,
  power,
  summonShortcut,
  loginItem,
  updates,
  desktopSettingsLink,
];
