/** Gives the keys back to the rows of the view, or to the view where it has none. */
export function focusRows(): void {
  const rows = document.querySelector<HTMLElement>('[role="grid"], [role="treegrid"]');
  (rows ?? document.getElementById('main'))?.focus();
}
