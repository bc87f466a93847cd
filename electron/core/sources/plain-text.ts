/**
 * Text from a server, made fit for one line of a message: no control, bidirectional or invisible
 * characters, no credentials of ours that it echoes, and short. Used by everything here that quotes a server.
 */

const maxMessageCharacters = 240;
/** Controls, and format characters: bidirectional marks, zero-width ones, soft hyphens, byte order marks. */
const unfit = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu;
/** A value shorter than this is too likely to be an ordinary word to be blotted out of a sentence. */
const minSecretCharacters = 4;

/**
 * @param text anything a server sent.
 * @returns one line of at most `maxCharacters` characters; a cut one ends in `…`.
 */
export function plainText(text: string, maxCharacters: number = maxMessageCharacters): string {
  const head = text.slice(0, maxCharacters * 8);
  const line = head.replace(unfit, ' ').replace(/ {2,}/g, ' ').trim().toWellFormed();
  return line.length <= maxCharacters ? line : `${line.slice(0, maxCharacters - 1).toWellFormed()}…`;
}

/** What an HTML page calls itself, or empty: read without a parser, for a message only. */
export function titleOfPage(html: string): string {
  const lower = html.toLowerCase();
  const open = lower.indexOf('<title');
  const start = open < 0 ? -1 : lower.indexOf('>', open) + 1;
  const end = start <= 0 ? -1 : lower.indexOf('<', start);
  return end < 0 ? '' : plainText(html.slice(start, end), 80);
}

/**
 * The parts of request headers that must never come back in a message: each value, the part after its
 * scheme, and the password inside a basic one.
 */
export function secretsOf(headers: Readonly<Record<string, string>>): readonly string[] {
  const secrets = Object.values(headers).flatMap((value) => {
    const [scheme = '', ...rest] = value.split(' ');
    const credentials = rest.join(' ');
    return [value, credentials, ...(scheme.toLowerCase() === 'basic' ? basicParts(credentials) : [])];
  });
  // A server may show the address or the header as it would stand in another address.
  const encoded = secrets.map((secret) => encodeURIComponent(secret.toWellFormed()));
  return [...new Set([...secrets, ...encoded])]
    .filter((secret) => secret.length >= minSecretCharacters)
    .toSorted((left, right) => right.length - left.length);
}

function basicParts(credentials: string): readonly string[] {
  const text = Buffer.from(credentials, 'base64').toString('utf8');
  return [text, text.slice(text.indexOf(':') + 1)];
}

/** Blots the secrets out of a text, also one of which only the beginning was left by a cut. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  const whole = secrets.reduce((result, secret) => result.replaceAll(secret, '•••'), text);
  if (!whole.includes('…')) return whole;
  return whole
    .split('…')
    .map((part, index, parts) => (index === parts.length - 1 ? part : withoutBeginning(part, secrets)))
    .join('…');
}

function withoutBeginning(text: string, secrets: readonly string[]): string {
  for (const secret of secrets) {
    for (let length = Math.min(secret.length - 1, text.length); length >= minSecretCharacters; length--) {
      if (text.endsWith(secret.slice(0, length))) return `${text.slice(0, -length)}•••`;
    }
  }
  return text;
}
