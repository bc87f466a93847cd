/** What is quoted of a text in a complaint about it: lines may be a million characters long. */
export function excerpt(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
