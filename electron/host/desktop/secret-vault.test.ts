import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { Cleanup } from '#support/cleanup.ts';
import { temporaryFolder } from '#support/temporary-folder.ts';
import { Secret } from '../secret.ts';
import { SecretVault, type SafeStore } from './secret-vault.ts';

const each = new Cleanup();
afterEach(() => each.run());

/** A keychain with a key for each backend: what one wrote another cannot read. */
class FakeStore implements SafeStore {
  now = 'gnome_libsecret';
  available = true;
  plain = false;
  key = 'first';
  rotated = false;

  backend(): string {
    return this.now;
  }

  isAvailable(): Promise<boolean> {
    return Promise.resolve(this.available && (this.now !== 'basic_text' || this.plain));
  }

  allowPlain(): void {
    this.plain = true;
  }

  encrypt(text: string): Promise<Buffer> {
    const cipher = createCipheriv('aes-256-ecb', this.#key(), null);
    return Promise.resolve(Buffer.concat([cipher.update(`v11${text}`, 'utf8'), cipher.final()]));
  }

  async decrypt(encrypted: Buffer): Promise<{ result: string; shouldReEncrypt: boolean }> {
    const decipher = createDecipheriv('aes-256-ecb', this.#key(), null);
    const text = Buffer.concat([decipher.update(encrypted), decipher.final()]).toString();
    if (!text.startsWith('v11')) throw new Error('wrong key');
    const shouldReEncrypt = this.rotated;
    this.rotated = false;
    return Promise.resolve({ result: text.slice(3), shouldReEncrypt });
  }

  #key(): Buffer {
    return createHash('sha256').update(`${this.now} ${this.key}`).digest();
  }
}

function place(): { safe: FakeStore; path: string; open: () => SecretVault } {
  const path = join(temporaryFolder(each), 'secrets.json');
  const safe = new FakeStore();
  return { safe, path, open: () => new SecretVault(path, safe) };
}

async function valueOf(vault: SecretVault, name: string): Promise<string> {
  const read = await vault.read(name);
  return read.ok ? read.value.reveal() : read.failure.message;
}

describe('the vault', () => {
  it('keeps ciphertext alone, for the user alone, and reads it after a restart', async () => {
    const { path, open } = place();
    const vault = open();
    await vault.store('token', new Secret('c4n4ry'));
    const text = readFileSync(path, 'utf8');
    expect(text).not.toContain('c4n4ry');
    expect(text).not.toContain(Buffer.from('c4n4ry').toString('base64'));
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(await valueOf(open(), 'token')).toBe('c4n4ry');
    expect(await vault.state()).toEqual({
      kind: 'secret-state',
      backend: 'keychain',
      names: ['token'],
      needsConsent: false,
      problem: '',
    });
    expect(inspect(vault, { depth: 9, showHidden: true })).not.toContain('c4n4ry');
  });

  it('replaces and forgets', async () => {
    const { open } = place();
    const vault = open();
    await vault.store('a', new Secret('one'));
    await vault.store('a', new Secret('two'));
    expect(await valueOf(vault, 'a')).toBe('two');
    await vault.forget('a');
    expect(await valueOf(open(), 'a')).toBe('is not in the keychain of this machine');
  });

  it('keeps nothing on the disk with basic_text before the person agreed', async () => {
    const { safe, path, open } = place();
    safe.now = 'basic_text';
    const vault = open();
    await vault.store('token', new Secret('c4n4ry'));
    expect(await vault.state()).toMatchObject({ backend: 'session', needsConsent: true, names: ['token'] });
    expect(await valueOf(vault, 'token')).toBe('c4n4ry');
    expect(await valueOf(open(), 'token')).toBe('is not in the keychain of this machine');
    await vault.allowPlain();
    expect(await vault.state()).toMatchObject({ backend: 'plain', needsConsent: false });
    expect(readFileSync(path, 'utf8')).toContain('basic_text');
    safe.plain = false;
    expect(await valueOf(open(), 'token')).toBe('c4n4ry');
  });

  it('says that another keychain is in charge, and takes the one of before again', async () => {
    const { safe, open } = place();
    await open().store('token', new Secret('c4n4ry'));
    safe.now = 'kwallet6';
    const vault = open();
    expect(await valueOf(vault, 'token')).toBe(
      'was stored with gnome_libsecret, and this session has kwallet6',
    );
    expect((await vault.state()).problem).toContain('token: stored with gnome_libsecret');
    safe.now = 'gnome_libsecret';
    expect(await valueOf(open(), 'token')).toBe('c4n4ry');
  });

  it.each([
    ['a keychain that is not there', (safe: FakeStore) => (safe.available = false), 'not available'],
    ['another key', (safe: FakeStore) => (safe.key = 'other'), 'another key'],
  ])('names %s', async (_what, change, words) => {
    const { safe, open } = place();
    await open().store('token', new Secret('c4n4ry'));
    change(safe);
    const read = await open().read('token');
    expect(read).toMatchObject({ ok: false, failure: { message: expect.stringContaining(words) } });
    expect(JSON.stringify(read)).not.toContain('c4n4ry');
  });

  it('encrypts anew where the key was rotated', async () => {
    const { safe, open } = place();
    const vault = open();
    await vault.store('token', new Secret('c4n4ry'));
    safe.rotated = true;
    expect(await valueOf(vault, 'token')).toBe('c4n4ry');
    expect(await valueOf(vault, 'token')).toBe('c4n4ry');
    expect(safe.rotated).toBe(false);
  });

  it('sets a damaged file aside instead of writing over it', async () => {
    const { path, open } = place();
    writeFileSync(path, '{"version":2,"newer":true}');
    const vault = open();
    expect((await vault.state()).problem).toContain('set aside');
    await vault.store('token', new Secret('c4n4ry'));
    expect(readFileSync(`${path}.unreadable`, 'utf8')).toContain('newer');
    expect(await valueOf(open(), 'token')).toBe('c4n4ry');
  });

  it('keeps a secret for the session where the disk refuses it, and says so', async () => {
    const vault = new SecretVault(join(temporaryFolder(each), 'missing', 'secrets.json'), new FakeStore());
    await vault.store('token', new Secret('c4n4ry'));
    const { problem } = await vault.state();
    expect(problem).toContain('could not be written');
    expect(problem).not.toContain('c4n4ry');
    expect(await valueOf(vault, 'token')).toBe('c4n4ry');
  });

  it('takes 200 secrets and says no to one more', async () => {
    const { path, open } = place();
    const vault = open();
    await Promise.all(
      Array.from({ length: 201 }, (_none, index) => vault.store(`s${index}`, new Secret('x'.repeat(100)))),
    );
    const { names, problem } = await vault.state();
    expect(names).toHaveLength(200);
    expect(problem).toContain('200 secrets already');
    expect(readdirSync(join(path, '..'))).toEqual(['secrets.json']);
  });
});
