import { useSyncExternalStore } from 'react';

/** What the keys do while somebody writes: letters are letters, and a view's own keys do nothing. */

export type KeyHint = readonly [chords: readonly string[], word: string];

const enterWords: Readonly<Record<string, string>> = {
  search: 'search',
  go: 'go there',
  send: 'send',
  done: 'to the list',
  next: 'next',
};

/**
 * The keys of the field that has the focus, by what the field says of itself: that it completes
 * (`aria-autocomplete`) and what Enter does (`enterkeyhint`).
 * @returns null while no text field has the focus.
 */
export function useFieldKeys(): readonly KeyHint[] | null {
  return keysOf(useSyncExternalStore(follow, focused));
}

function focused(): Element | null {
  return document.activeElement;
}

function follow(onChange: () => void): () => void {
  document.addEventListener('focusin', onChange);
  document.addEventListener('focusout', onChange);
  return () => {
    document.removeEventListener('focusin', onChange);
    document.removeEventListener('focusout', onChange);
  };
}

const written = new Set(['text', 'search', 'url', 'password', 'number']);

function keysOf(field: Element | null): readonly KeyHint[] | null {
  const isLong = field instanceof HTMLTextAreaElement;
  const isLine = field instanceof HTMLInputElement && written.has(field.type);
  if (!isLong && !isLine) return null;
  const word = enterWords[field.enterKeyHint];
  const completes: readonly KeyHint[] =
    field.getAttribute('aria-autocomplete') === 'list' ? [[['Tab'], 'complete']] : [];
  const enters: readonly KeyHint[] = word === undefined ? [] : [[[isLong ? 'Mod+Enter' : 'Enter'], word]];
  return [...completes, ...enters, [['Escape'], 'leave']];
}
