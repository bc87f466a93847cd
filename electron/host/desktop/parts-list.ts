import type { MakeDesktopPart } from './desktop-parts.ts';
import { keychain } from './keychain.ts';

/** The parts of the desktop, in the order in which they are made and told things; closed in reverse. */
export const desktopParts: readonly MakeDesktopPart[] = [keychain];
