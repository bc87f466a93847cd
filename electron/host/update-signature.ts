import { createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import * as v from 'valibot';
import { failed, success, type Result } from '#shared/result.ts';

/**
 * What a release's maker signs, and what an app checks before it fetches anything: the version and the
 * checksum of every file, with Ed25519. The systems' own signatures come on top where there are any; an
 * AppImage has none.
 */

const shortText = v.pipe(v.string(), v.minLength(1), v.maxLength(200));
const releaseSchema = v.object({
  version: v.pipe(v.string(), v.regex(/^\d{1,5}\.\d{1,5}\.\d{1,5}$/u, 'no plain version')),
  files: v.pipe(
    v.array(
      v.object({
        /** A name beside the feed's own file: what is fetched is fetched from there. */
        url: v.pipe(shortText, v.regex(/^[A-Za-z0-9][\w.-]*$/u, 'a file that is not beside the feed')),
        sha512: v.pipe(v.string(), v.regex(/^[A-Za-z0-9+/]{86}==$/u, 'no SHA-512')),
      }),
    ),
    v.minLength(1),
    v.maxLength(20),
  ),
});
export type Release = v.InferOutput<typeof releaseSchema>;

const signedSchema = v.object({ ...releaseSchema.entries, opssightSignature: shortText });

/** The text that is signed; everything in it is checked to hold no line break. */
function textOf({ version, files }: Release): Buffer {
  const lines = files.map(({ url, sha512 }) => `${url} ${sha512}`);
  return Buffer.from(['opssight-release-1', version, ...lines, ''].join('\n'));
}

/** @returns the signature for the field `opssightSignature`. @throws where it is no such release. */
export function signRelease(release: unknown, privateKey: KeyObject): string {
  return sign(null, textOf(v.parse(releaseSchema, release)), privateKey).toString('base64');
}

/** @param text the key as DER in base64, as `openssl pkey -pubout -outform DER | base64` writes it. */
export function readPublicKey(text: string): Result<KeyObject, string> {
  try {
    const key = createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' });
    return key.asymmetricKeyType === 'ed25519' ? success(key) : failed('its key is not of Ed25519');
  } catch {
    return failed('its key cannot be read');
  }
}

/** @returns what is offered, once it is certain who offers it. */
export function readSignedRelease(offered: unknown, publicKey: KeyObject): Result<Release, string> {
  const parsed = v.safeParse(signedSchema, offered);
  if (!parsed.success) {
    const isUnsigned = v.safeParse(releaseSchema, offered).success;
    return failed(isUnsigned ? 'it is not signed' : `it cannot be read: ${parsed.issues[0].message}`);
  }
  const { version, files, opssightSignature } = parsed.output;
  const release = { version, files };
  const isSigned = verify(null, textOf(release), publicKey, Buffer.from(opssightSignature, 'base64'));
  return isSigned ? success(release) : failed('its signature is not of the known key');
}
