/**
 * Gives a list its keys when it appears, but never takes them from somebody who writes: the next letters
 * would be commands.
 */
export function takeFocus(element: HTMLElement | null): void {
  const { activeElement } = document;
  const isWriting = activeElement instanceof HTMLInputElement || activeElement instanceof HTMLTextAreaElement;
  if (!isWriting) element?.focus({ preventScroll: true });
}
