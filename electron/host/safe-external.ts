import { failed, success, type Result } from '#shared/result.ts';

/**
 * Decides whether a text is an address that may be opened outside the app, and says what will be opened.
 * Pure. What servers write into alerts ends up here, so it takes only what can be nothing but a web page:
 * the system's opener starts programs for many other schemes (CVE-2018-1000006 and its like).
 */

export interface ExternalAddress {
  /** As the URL standard writes it, which is what is opened: nothing is left to another parser. */
  readonly url: string;
  /** Host and port as a person is to read them: punycode, so that no letter only looks like another. */
  readonly host: string;
}

export type ExternalRefusal =
  | 'not-an-address'
  | 'too-long'
  | 'control-characters'
  | 'ambiguous'
  | 'scheme'
  | 'credentials';

const maxCharacters = 2_000;
/** C0, C1, and what turns the reading direction or is not seen: no address needs them unescaped. */
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
/** What a strict address never has and lenient parsers disagree about. */
const ambiguous = /[\s\\]/u;
const webAddress = /^https?:\/\/[^/?#]/iu;
/** NUL anywhere; line ends and other control characters in the path. A query may have escaped line ends. */
const escapedNul = /%00/u;
const escapedControl = /%(?:[01][0-9a-f]|7f)/iu;

export function readExternalAddress(text: unknown): Result<ExternalAddress, ExternalRefusal> {
  if (typeof text !== 'string' || text === '') return failed('not-an-address');
  if (text.length > maxCharacters) return failed('too-long');
  if (invisible.test(text)) return failed('control-characters');
  if (!URL.canParse(text)) return failed('not-an-address');
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return failed('scheme');
  // The URL standard mends slashes, blanks and back-slashes; what needs mending was not meant for a person.
  if (ambiguous.test(text) || !webAddress.test(text)) return failed('ambiguous');
  const authority = text.split(/[/?#]/u, 3)[2] ?? '';
  if (authority.includes('@')) return failed('credentials');
  if (escapedNul.test(url.href) || escapedControl.test(url.pathname)) return failed('control-characters');
  if (url.href.length > maxCharacters) return failed('too-long');
  return success({ url: url.href, host: url.host });
}
