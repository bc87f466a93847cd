/**
 * The one address that other programs may open this app with: `opssight://incident/ID`. Pure. Any page on the
 * web can make the system hand one over, so it can only show something that is here anyway, and changes
 * nothing. It is compared as a whole and never parsed as an address: every part that it could have beside
 * these is refused with it.
 */

export const deepLinkScheme = 'opssight';

/** The incidents of the journal count from one; fifteen digits are exact numbers. */
const pattern = /^opssight:\/\/incident\/([1-9][0-9]{0,14})$/;
const longest = 40;

/** @returns the incident's id, or undefined for whatever else it is. */
export function incidentOfLink(text: unknown): number | undefined {
  if (typeof text !== 'string' || text.length > longest) return undefined;
  const digits = pattern.exec(text)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** @returns the first incident that is linked to; one start opens one. */
export function incidentOfTexts(texts: readonly unknown[]): number | undefined {
  return texts.map(incidentOfLink).find((id) => id !== undefined);
}
