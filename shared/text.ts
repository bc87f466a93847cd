/**
 * Text from servers, made safe to show: no control characters, no bidirectional overrides, bounded. It
 * stays text; escaping for a format (HTML, JSON, a terminal) is the writer's own business.
 */

/**
 * Line breaks and tabs, which become a space; then what is dropped: the other control characters (C0, DEL,
 * C1), and whatever Unicode says is drawn as nothing (DerivedCoreProperties, Default_Ignorable_Code_Point):
 * soft hyphens, fillers of Hangul and the like, which make two texts look the same, and the marks, embeddings,
 * overrides and isolates of bidirectional text. Joiners and variation selectors stay, as scripts and emoji
 * need them.
 */
const breaks = /[\t\n\v\f\r\u0085\u2028\u2029]+/gu;
const unseen =
  /[\u034F\p{Cc}\u17B4-\u17B5\u00AD\u061C\u115F\u1160\u180E\u200B\u200E\u200F\u202A-\u202E\u2060-\u206F\u3164\uFEFF\uFFA0\uFFF0-\uFFFB\u{1BCA0}-\u{1BCA3}\u{1D173}-\u{1D17A}\u{E0000}-\u{E00FF}\u{E01F0}-\u{E0FFF}]/gu;
const loneSurrogates = /\p{Cs}/gu;
const ellipsis = '…';

/**
 * One line of plain text.
 * @param text anything a server sent.
 * @param maxCharacters the most UTF-16 units to keep, the ellipsis of a cut text included; at least 1.
 */
export function plainText(text: string, maxCharacters: number): string {
  // What is cut away anyway is not cleaned: a label of a megabyte costs no more than a short one.
  const considered = text.slice(0, maxCharacters * 4);
  const clean = considered.replace(breaks, ' ').replace(unseen, '').replace(loneSurrogates, '\uFFFD').trim();
  if (clean.length <= maxCharacters && considered.length === text.length) return clean;
  return cut(clean, maxCharacters - 1) + ellipsis;
}

/** @param many the word for any number but one. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}

/** Cuts without leaving half a character behind. */
function cut(text: string, length: number): string {
  const last = text.charCodeAt(length - 1);
  const splits = last >= 0xd800 && last <= 0xdbff;
  return text.slice(0, splits ? length - 1 : length).trimEnd();
}
