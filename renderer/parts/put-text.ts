import { flushSync } from 'react-dom';

/**
 * Puts a text into a field and the caret into the text, before the next letter comes: a caret that is set in
 * the next frame goes back over what a quick hand has written meanwhile.
 * @param write sets the state that the field's value is drawn from.
 */
export function putText(input: HTMLInputElement | null, caret: number, write: () => void): void {
  flushSync(write);
  input?.setSelectionRange(caret, caret);
}
