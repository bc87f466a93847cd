/** How long one turn may take; what is made of a single item comes on top. */
const turnMs = 8;

/**
 * As `map`, in turns between which everything else goes on: what is asked of dozens of rules or routes over tens
 * of thousands of alerts takes a second.
 * @returns null once nobody waits for it any more.
 */
export async function mapInTurns<Item, Made>(
  items: readonly Item[],
  make: (item: Item) => Made,
  signal: AbortSignal,
): Promise<readonly Made[] | null> {
  const made: Made[] = [];
  let endsAtMs = performance.now() + turnMs;
  for (const item of items) {
    made.push(make(item));
    if (performance.now() < endsAtMs) continue;
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    if (signal.aborted) return null;
    endsAtMs = performance.now() + turnMs;
  }
  return made;
}
