import { failed, success, type Result } from './result.ts';

/**
 * What stands behind a backslash in Go's quoted strings, which templates and LogQL both write. Each says
 * in its own words what is wrong. Source: Go's strconv.Unquote.
 */

const simple: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '"': '"',
};

/** The letter behind the backslash for each character that has one. */
export const goEscapeLetters: ReadonlyMap<string, string> = new Map(
  Object.entries(simple).map(([letter, character]) => [character, letter]),
);

/** A run of bytes, which may be the UTF-8 of one character; a code point; one character. Else it is wrong. */
const escapes = /((?:\\x[0-9a-fA-F]{2}|\\[0-7]{3})+)|\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})|\\([^])|(\\)/gu;
const byte = /\\x([0-9a-fA-F]{2})|\\([0-7]{3})/gu;
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const strictDecoder = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true });
const encoder = new TextEncoder();

export interface GoEscapes {
  /** Whether `\'` is one, as it is between single quotes. */
  readonly apostrophe: boolean;
  /**
   * Whether bytes above 127 are read as UTF-8; without it they are wrong. With `surrogates`, a byte that is no
   * UTF-8 is kept as the lone surrogate U+DC00 + byte, so that nothing is lost.
   */
  readonly utf8: boolean | 'surrogates';
}

/** @param body between the quotes. @returns its text, or the first escape that cannot be read. */
export function unescapedGo(body: string, { apostrophe, utf8 }: GoEscapes): Result<string, string> {
  let wrong: string | undefined;
  const text = body.replace(
    escapes,
    (whole: string, bytes?: string, short?: string, long?: string, letter?: string) => {
      const read =
        bytes !== undefined
          ? textOfBytes(bytes, utf8)
          : letter !== undefined
            ? letterOf(letter, apostrophe)
            : textOfCode(short ?? long ?? '');
      if (read === undefined) wrong ??= whole;
      return read ?? '';
    },
  );
  return wrong === undefined ? success(text) : failed(wrong);
}

function letterOf(letter: string, apostrophe: boolean): string | undefined {
  if (letter === "'") return apostrophe ? letter : undefined;
  return Object.hasOwn(simple, letter) ? simple[letter] : undefined;
}

function textOfCode(digits: string): string | undefined {
  const code = Number.parseInt(digits, 16);
  const isCharacter = code <= 0x10_ff_ff && (code < 0xd800 || code > 0xdfff);
  return isCharacter ? String.fromCodePoint(code) : undefined;
}

function textOfBytes(written: string, utf8: GoEscapes['utf8']): string | undefined {
  const bytes = [...written.matchAll(byte)].map(([, hex, octal]) =>
    hex === undefined ? Number.parseInt(octal ?? '', 8) : Number.parseInt(hex, 16),
  );
  if (bytes.some((one) => one > (utf8 === false ? 127 : 255))) return undefined;
  return utf8 === 'surrogates' ? losslessText(bytes) : decoder.decode(Uint8Array.from(bytes));
}

/** Each byte that begins no character stands alone, as in Go's utf8.DecodeRune. */
function losslessText(bytes: readonly number[]): string {
  let text = '';
  for (let start = 0; start < bytes.length;) {
    const character = characterAt(bytes, start);
    text += character ?? String.fromCharCode(0xdc00 + (bytes[start] ?? 0));
    start += character === undefined ? 1 : encoder.encode(character).length;
  }
  return text;
}

function characterAt(bytes: readonly number[], start: number): string | undefined {
  const first = bytes[start] ?? 0;
  const length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  try {
    return strictDecoder.decode(Uint8Array.from(bytes.slice(start, start + length)));
  } catch {
    return undefined;
  }
}
