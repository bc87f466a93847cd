/**
 * Text from servers, made safe to show: no control characters, no bidirectional overrides, bounded. It
 * stays text; escaping for a format (HTML, JSON, a terminal) is the writer's own business.
 */

/**
 * Line breaks and tabs, which become a space; then what is dropped: the other control characters (C0, DEL,
 * C1), the marks, embeddings, overrides and isolates of bidirectional text, and invisible fillers that
 * make two texts look the same.
 */
const breaks = /[\t\n\v\f\r\u0085\u2028\u2029]+/gu;
const unseen =
  /[\p{Cc}\u061C\u200B\u200E\u200F\u202A-\u202E\u2060-\u2064\u2066-\u206F\uFEFF\uFFF9-\uFFFB\u{E0000}-\u{E007F}]/gu;
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

/** Cuts without leaving half a character behind. */
function cut(text: string, length: number): string {
  const last = text.charCodeAt(length - 1);
  const splits = last >= 0xd800 && last <= 0xdbff;
  return text.slice(0, splits ? length - 1 : length).trimEnd();
}
