import { randomBytes } from 'node:crypto';

/**
 * Secrets that can be told from everything else, and the search for them: as they are, a beginning of one,
 * and as base64, hexadecimal and UTF-16 would have them. A name holds a number, so a find says which it was.
 */
const mark = 'c4n4ry';

/** A secret of its own; `number` from 0 to 99. */
export function newCanary(number: number): string {
  return `${mark}${String(number).padStart(2, '0')}${randomBytes(12).toString('hex')}`;
}

const found = /c4n4ry(\d\d)[0-9a-f]{6,}/gu;
const inHex = new RegExp(`${Buffer.from(mark).toString('hex')}(?:3[0-9]){2}`, 'giu');
/** At each of the three places that it can have within base64; its ends depend on what is around it. */
const inBase64 = [0, 1, 2].map((before) => {
  const encoded = Buffer.from(`${'_'.repeat(before)}${mark}`)
    .toString('base64')
    .replace(/=+$/u, '');
  return encoded.slice(Math.ceil((before * 8) / 6), Math.floor(((before + mark.length) * 8) / 6));
});

/** Not `Buffer`: from an odd address and length Node 24 writes beyond its memory, and the process aborts. */
const utf16 = new TextDecoder('utf-16le');

/** @returns what was found where, each once; empty for a clean output. */
export function findCanaries(output: Uint8Array | string): readonly string[] {
  const bytes = Buffer.from(output);
  const finds = new Set<string>();
  for (const [text, form] of [
    [bytes.toString('latin1'), 'as it is'],
    [utf16.decode(bytes), 'as UTF-16'],
    [utf16.decode(bytes.subarray(1)), 'as UTF-16'],
  ] as const) {
    for (const [, number] of text.matchAll(found)) finds.add(`${number} ${form}`);
    if (inHex.test(text)) finds.add('one in hexadecimal');
    inHex.lastIndex = 0;
    if (inBase64.some((encoded) => text.includes(encoded))) finds.add('one in base64');
  }
  return [...finds];
}
