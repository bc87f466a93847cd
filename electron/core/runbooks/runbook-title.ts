import { plainText } from '#shared/text.ts';

/** The first heading, in either form of Markdown; those within fenced code are none. */
export function titleOf(markdown: string): string {
  let fence = '';
  let before = '';
  for (const line of markdown.split(/\r?\n/)) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1]?.slice(0, 3) ?? '';
    if (mark !== '' && (fence === '' || fence === mark)) fence = fence === '' ? mark : '';
    else if (fence === '') {
      const heading = /^ {0,3}#{1,6}[ \t]+(.*)$/.exec(line)?.[1];
      if (heading !== undefined) return plainText(heading.replace(/[ \t]+#+[ \t]*$/, ''), 200);
      if (before !== '' && /^ {0,3}(?:=+|-+)[ \t]*$/.test(line)) return plainText(before, 200);
    }
    before = fence === '' && mark === '' ? line.trim() : '';
  }
  return '';
}
