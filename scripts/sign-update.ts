import { createPrivateKey } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
import { signRelease } from '../electron/host/update-signature.ts';

/**
 * `node scripts/run.mjs sign-update KEY.pem latest.yml …`: adds to each file of an update feed the signature
 * without which no app takes what it offers. docs/release.md says when.
 */
export function main([keyFile, ...feedFiles]: readonly string[]): Promise<number> {
  if (keyFile === undefined || feedFiles.length === 0) {
    console.error('usage: node scripts/run.mjs sign-update KEY.pem latest.yml …');
    return Promise.resolve(2);
  }
  const key = createPrivateKey(readFileSync(keyFile));
  for (const file of feedFiles) {
    const document = parseDocument(readFileSync(file, 'utf8'));
    document.set('opssightSignature', signRelease(document.toJS(), key));
    writeFileSync(file, document.toString());
    console.log(`Signed ${file}.`);
  }
  return Promise.resolve(0);
}
