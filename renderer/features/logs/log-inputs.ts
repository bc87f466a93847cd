/** The text fields of the logs view, and how a command reaches them. */
export const queryInputId = 'logs-query';
export const searchInputId = 'logs-search';
/** What failed, which describes the query to a screen reader. */
export const failureId = 'logs-failure';

/** @param place what to select in it; all of it without one. */
export function focusInput(id: string, place?: { readonly from: number; readonly to: number }): void {
  const input = document.getElementById(id);
  if (!(input instanceof HTMLInputElement)) return;
  input.focus();
  if (place === undefined) input.select();
  else input.setSelectionRange(place.from, place.to);
}
