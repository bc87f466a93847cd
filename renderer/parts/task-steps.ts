import type MarkdownIt from 'markdown-it';
import { runbookStep, type RunbookStep } from '#shared/model/runbook.ts';

/**
 * Finds the steps of a Markdown text that can be ticked off: items of lists that begin with `[ ]` or
 * `[x]`, as GitHub writes them. What makes a step this one and no other is everything it says, commands
 * included, the headings and steps that it stands under, and which of its equals it is: a text that was
 * edited never has a tick on a step that nobody ticked.
 */
type Token = ReturnType<InstanceType<typeof MarkdownIt>['parse']>[number];

export interface TaskStep {
  readonly step: RunbookStep;
  /** As the author ticked it. */
  readonly isWrittenDone: boolean;
}

interface Found {
  readonly open: Token;
  readonly isWrittenDone: boolean;
  /** Headings and items that it stands under, outermost first. */
  readonly under: readonly string[];
  /** What it says: its own blocks as they are written, but for the items below it. */
  readonly says: string[];
  /** The first of them as a person reads it. */
  readonly words: string;
}

const mark = /^\[([ xX])\][ \t]+(?=\S)/;

/**
 * @param tokens of a text that was just parsed: the mark of each step is taken out of them.
 * @returns the steps by the token that opens their item.
 */
export function takeSteps(tokens: readonly Token[]): ReadonlyMap<Token, TaskStep> {
  const found = findItems(tokens).filter(({ isWrittenDone }) => isWrittenDone !== null);
  const identities = found.map(({ under, says }) => JSON.stringify([under, says]));
  const total = new Map<string, number>();
  for (const identity of identities) total.set(identity, (total.get(identity) ?? 0) + 1);
  const seen = new Map<string, number>();
  return new Map(
    found.map(({ open, isWrittenDone, words }, index) => {
      const identity = identities[index] ?? '';
      const place = (seen.get(identity) ?? 0) + 1;
      seen.set(identity, place);
      // Of several equals each changes when one is added: which of them was ticked is not known any more.
      const digest = digestOf(`${identity} ${place} of ${total.get(identity) ?? 0}`);
      return [open, { step: runbookStep(digest, words), isWrittenDone: isWrittenDone === true }];
    }),
  );
}

interface Item extends Omit<Found, 'isWrittenDone'> {
  isWrittenDone: boolean | null;
}

/** Every item of every list, in the order of the text; `isWrittenDone` null for one that is no step. */
function findItems(tokens: readonly Token[]): readonly Item[] {
  const items: Item[] = [];
  const open: Item[] = [];
  const headings: { readonly level: number; readonly text: string }[] = [];
  for (const [index, token] of tokens.entries()) {
    const item = open.at(-1);
    if (token.type === 'heading_open') {
      const level = Number(token.tag.slice(1));
      while ((headings.at(-1)?.level ?? 0) >= level) headings.pop();
      headings.push({ level, text: tokens[index + 1]?.content ?? '' });
    } else if (token.type === 'list_item_open') {
      const under = [...headings.map(({ text }) => text), ...open.map(({ says }) => says[0] ?? '')];
      const isWrittenDone = takeMark(tokens, index);
      const begun: Item = { open: token, isWrittenDone, under, says: [], words: wordsOf(tokens[index + 2]) };
      items.push(begun);
      open.push(begun);
    } else if (token.type === 'list_item_close') open.pop();
    else if (token.content !== '') item?.says.push(token.content);
  }
  return items;
}

/** The mark at the beginning of an item's first paragraph, taken out of it; null where there is none. */
function takeMark(tokens: readonly Token[], itemAt: number): boolean | null {
  const paragraph = tokens[itemAt + 1];
  const inline = tokens[itemAt + 2];
  const first = inline?.children?.[0];
  if (paragraph?.type !== 'paragraph_open' || inline === undefined || first?.type !== 'text') return null;
  const [whole = '', letter = ''] = mark.exec(inline.content) ?? [];
  if (whole === '' || !first.content.startsWith(whole.trimEnd())) return null;
  first.content = first.content.slice(whole.length);
  inline.content = inline.content.slice(whole.length);
  // Its words stand in a label, where no block may be.
  paragraph.hidden = true;
  return letter !== ' ';
}

function wordsOf(inline: Token | undefined): string {
  return (inline?.children ?? [])
    .map(({ type, content }) => (type.endsWith('break') ? ' ' : content))
    .join('');
}

/** FNV-1a over UTF-16 units, twice from different beginnings: 64 bits that tell steps apart, no secret. */
function digestOf(text: string): string {
  return [0x811c_9dc5, 0x2f0b_4a67].map((basis) => fnv1a(text, basis)).join('');
}

function fnv1a(text: string, basis: number): string {
  let hash = basis;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x0100_0193);
  }
  return (hash >>> 0).toString(16).padStart(8, '0');
}
