import { plainText } from '#shared/text.ts';

/** Initials of a name, at most two: `m.lindqvist` and `Maja Lindqvist` give `ML`, `root` gives `RO`. */
export function initialsOf(name: string): string {
  const words = plainText(name, 60)
    .split(/[\s._@-]+/u)
    .filter((word) => word !== '');
  const [first = '?', second] = words;
  const letters =
    second === undefined ? Array.from(first).slice(0, 2) : [Array.from(first)[0], Array.from(second)[0]];
  return letters.join('').toUpperCase();
}
