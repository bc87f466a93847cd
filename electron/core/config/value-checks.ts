import { quoted } from './problem-text.ts';
import { referenceMistake } from './references.ts';

/**
 * What can be wrong with a single text of the configuration. Each function returns the words of the
 * mistake, or null. None quotes a value that may be, or may have been meant as, a secret.
 */

/** A name that screens show: short, on one line, without spaces at its ends. */
export function nameMistake(value: string): string | null {
  if (value.length > 64) return `found ${value.length} characters`;
  if (value !== value.trim()) return 'found spaces at its ends';
  return plainMistake(value, 64);
}

/** A text on one line in which references are not read. */
export function plainMistake(value: string, maxLength: number): string | null {
  if (value.length > maxLength) return `found ${value.length} characters`;
  if (/[\p{Cc}\u2028\u2029]/u.test(value)) return 'found a line break or another control character';
  return value.includes('${') ? 'found a reference, and references are not read here' : null;
}

export function labelNameMistake(value: string): string | null {
  return plainMistake(value, 128);
}

/** A secret or a text with references. The value itself is never said. */
export function secretMistake(value: string): string | null {
  if (value.length > 65_536) return 'found more than 65536 characters';
  if (/[\r\n\0]/.test(value)) return 'found a line break inside';
  return referenceMistake(value)?.message ?? null;
}

/** The base address of a source. Nothing of an address that may hold a credential is said. */
export function addressMistake(value: string): string | null {
  const plain = plainMistake(value, 2_048);
  if (plain !== null) return plain;
  const url = URL.canParse(value) ? new URL(value) : null;
  const web = url?.protocol === 'http:' || url?.protocol === 'https:';
  if (url !== null && web && (url.username !== '' || url.password !== '')) {
    return 'found credentials in the address; they belong under authentication';
  }
  if (value.includes('@')) return 'found an address with "@"; credentials belong under authentication';
  if (value.includes('?') || value.includes('#')) return 'found a query or a fragment in the address';
  if (url === null || !web || url.hostname === '') return `found ${quoted(value)}`;
  return null;
}

/** A host with an optional port, as the URL standard writes it, and nothing else of an address. */
export function hostMistake(value: string): string | null {
  const plain = plainMistake(value, 255);
  if (plain !== null) return plain;
  if (!/^[\w.:[\]-]+$/.test(value)) return `found ${quoted(value)}`;
  // Both schemes, for the parser drops the port that is the usual one of its scheme.
  const written = ['https', 'http'].some(
    (scheme) => URL.parse(`${scheme}://${value}`)?.href === `${scheme}://${value.toLowerCase()}/`,
  );
  return written ? null : `found ${quoted(value)}`;
}
