import type { SecretState } from '#shared/host-window.ts';

/** Where a secret that is stored lies, and how long it lasts. */
export const secretPlaces: Readonly<Record<SecretState['backend'], string>> = {
  none: 'In a browser, secrets are in variables of the environment or in files; a keychain is in the desktop app.',
  session: 'This system has no keychain that can be used: a stored secret lasts until OpsSight is quit.',
  plain: 'This system has no keychain: secrets lie in a file that only hides them, as agreed.',
  keychain: 'Stored encrypted by the system’s keychain; only the core is given it.',
};
