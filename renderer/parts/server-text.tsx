import { plainText } from '#shared/text.ts';
import { safeHref } from './safe-link.ts';

/** A value that a server wrote: text, or a link where it is nothing but a web address. */
export function ServerText({ text, max = 2_000 }: { readonly text: string; readonly max?: number }) {
  const href = safeHref(text);
  if (href === null) return <>{plainText(text, max)}</>;
  return (
    <a href={href} target="_blank" rel="noopener noreferrer">
      {plainText(href, max)}
    </a>
  );
}
