/**
 * Which text of a server may become a link: an absolute http or https address, without credentials or
 * control characters, of bounded length. Everything else stays text.
 */
const maxLength = 2_048;

/** @returns the address to open, normalised, or null where the text is not one. */
export function safeHref(text: string): string | null {
  if (text.length > maxLength || /[\p{Cc}\s\\]/u.test(text) || !/^https?:\/\//i.test(text)) return null;
  try {
    const url = new URL(text);
    const isPlain = url.username === '' && url.password === '' && url.hostname !== '';
    return isPlain && (url.protocol === 'http:' || url.protocol === 'https:') ? url.href : null;
  } catch {
    // URL throws on what is not an address: then it is not a link.
    return null;
  }
}
