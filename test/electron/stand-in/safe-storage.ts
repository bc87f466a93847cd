import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { lifecycle } from './lifecycle.ts';
import { settings, type StorageBackend } from './settings.ts';
import { modelled } from './unmodelled.ts';

/**
 * `safeStorage`, with a key of its own for each backend: what one wrote the other cannot read. With
 * `basic_text` the password is written in Chromium's source, so anybody can.
 */

let backend: StorageBackend = settings.backend;
let plainTextForced = false;
const version = Buffer.from('v11');

function isAvailable(): boolean {
  if (settings.platform === 'darwin') return backend !== 'unavailable';
  if (!lifecycle.isReady || backend === 'unavailable') return false;
  return settings.platform !== 'linux' || backend !== 'basic_text' || plainTextForced;
}

function key(): Buffer {
  const name = plainTextForced && backend === 'basic_text' ? 'peanuts' : `${settings.root} ${backend}`;
  return createHash('sha256').update(name).digest();
}

function encrypt(text: string): Buffer {
  lifecycle.requireReady('Safe storage cannot be used before app is ready');
  if (!isAvailable())
    throw new Error('Error while encrypting the text provided to safeStorage.encryptString.');
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key(), nonce);
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([version, nonce, cipher.getAuthTag(), body]);
}

function decrypt(encrypted: Buffer): string {
  lifecycle.requireReady('Safe storage cannot be used before app is ready');
  const failure = 'Error while decrypting the ciphertext provided to safeStorage.decryptString.';
  if (!isAvailable() || !encrypted.subarray(0, 3).equals(version)) throw new Error(failure);
  try {
    const decipher = createDecipheriv('aes-256-gcm', key(), encrypted.subarray(3, 15));
    decipher.setAuthTag(encrypted.subarray(15, 31));
    return Buffer.concat([decipher.update(encrypted.subarray(31)), decipher.final()]).toString('utf8');
  } catch {
    throw new Error(failure);
  }
}

export const safeStorage = modelled('safeStorage', {
  isEncryptionAvailable: isAvailable,
  isAsyncEncryptionAvailable: async () => {
    await lifecycle.whenReady;
    return isAvailable();
  },
  encryptString: encrypt,
  decryptString: decrypt,
  encryptStringAsync: async (text: string) => encrypt(text),
  decryptStringAsync: async (encrypted: Buffer) => ({ shouldReEncrypt: false, result: decrypt(encrypted) }),
  getSelectedStorageBackend() {
    if (settings.platform !== 'linux')
      throw new TypeError('safeStorage.getSelectedStorageBackend is not a function');
    if (!lifecycle.isReady || backend === 'unavailable') return 'unknown';
    return backend;
  },
  setUsePlainTextEncryption(use: boolean) {
    if (settings.platform === 'linux') plainTextForced = use;
  },
} satisfies Partial<Electron.SafeStorage>);

export const storageControls = {
  /** As after a change of the desktop session. */
  setStorageBackend: (next: StorageBackend) => void (backend = next),
};
