import { dialog, safeStorage } from 'electron';
import { join } from 'node:path';
import { drop, messageOf } from '#shared/result.ts';
import { Secret } from '../secret.ts';
import type { DesktopPart, DesktopShell } from './desktop-parts.ts';
import { SecretVault, type SafeStore } from './secret-vault.ts';

/**
 * Joins the vault with window and core: the window stores and forgets, and is told names; the core asks for
 * one secret by its name and is given it. No value ever goes to a window.
 */
export function keychain(shell: DesktopShell): DesktopPart {
  const vault = new SecretVault(join(shell.userDataDirectory, 'secrets.json'), electronStore);
  const tell = async (): Promise<void> => shell.window.send(await vault.state());
  const change = (work: Promise<void>): void =>
    drop(
      work
        .then(async () => {
          shell.core.answer({ kind: 'services-changed' });
          await tell();
        })
        .catch((error: unknown) => shell.log('secrets.failed', { reason: messageOf(error) })),
      'it says its own failure',
    );
  const answer = async (id: number, name: string): Promise<void> => {
    const secret = await vault.read(name);
    shell.core.answer({
      kind: 'secret-value',
      id,
      value: secret.ok ? secret.value.reveal() : null,
      refusal: secret.ok ? null : secret.failure,
    });
  };
  let asking = false;
  const askForPlain = async (): Promise<void> => {
    if (asking || !vault.needsConsent) return;
    asking = true;
    const agreed = await confirmPlain().finally(() => (asking = false));
    if (agreed) change(vault.allowPlain());
  };
  return {
    coreSaid: (message) => {
      if (message.kind === 'secret-wanted') drop(answer(message.id, message.name), 'the vault never rejects');
    },
    windowSaid: (message) => {
      if (message.kind === 'store-secret') change(vault.store(message.name, new Secret(message.value)));
      if (message.kind === 'forget-secret') change(vault.forget(message.name));
      if (message.kind === 'allow-plain-secrets') drop(askForPlain(), 'a question to the person');
    },
    windowLinked: () => drop(tell(), 'the vault never rejects'),
  };
}

/** SECURITY: asked by the host, because a window that was taken over must not agree for the person. */
async function confirmPlain(): Promise<boolean> {
  const { response } = await dialog.showMessageBox({
    type: 'warning',
    message: 'Keep secrets without a keychain?',
    detail:
      'This system has no keychain that OpsSight can use. Kept all the same, secrets lie in a file that only hides them: any program that runs as you can read them. Without it they last until OpsSight is quit.',
    buttons: ['Keep until quit', 'Keep in the file'],
    defaultId: 0,
    cancelId: 0,
  });
  return response === 1;
}

const electronStore: SafeStore = {
  backend: () => (process.platform === 'linux' ? safeStorage.getSelectedStorageBackend() : 'system'),
  isAvailable: () => safeStorage.isAsyncEncryptionAvailable(),
  allowPlain: () => safeStorage.setUsePlainTextEncryption(true),
  encrypt: (text) => safeStorage.encryptStringAsync(text),
  decrypt: (encrypted) => safeStorage.decryptStringAsync(encrypted),
};
