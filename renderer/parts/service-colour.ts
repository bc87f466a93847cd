/**
 * The colour of a service: one of the ten series colours, by its name and the same wherever it is drawn.
 * A name has the colour that its text gives, unless fewer services have another: two services of one
 * trace then rarely look alike, and a reload mostly finds the same colours again.
 */

const colourCount = 10;
/** Services that are remembered; one beyond them has the colour that its text gives. */
const maxRemembered = 2_000;

const remembered = new Map<string, number>();
const taken = Array.from({ length: colourCount }, () => 0);

/** Index of the series colour, 0 to 9. */
export function serviceColourIndex(service: string): number {
  const known = remembered.get(service);
  if (known !== undefined) return known;
  const wanted = hashOf(service) % colourCount;
  if (remembered.size >= maxRemembered) return wanted;
  let best = wanted;
  for (let step = 1; step < colourCount; step++) {
    const other = (wanted + step) % colourCount;
    if ((taken[other] ?? 0) < (taken[best] ?? 0)) best = other;
  }
  taken[best] = (taken[best] ?? 0) + 1;
  remembered.set(service, best);
  return best;
}

/** The colour as a value of CSS. */
export function serviceColour(service: string): string {
  return `var(--series${serviceColourIndex(service)})`;
}

/** FNV-1a of the name's UTF-16 units. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}
