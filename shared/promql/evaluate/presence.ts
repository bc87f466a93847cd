/** Which steps have a value: 1 where one is, and null where one is at every step. */
export type Presence = Uint8Array | null;

export function hasAny(present: Presence): boolean {
  return present === null || present.includes(1);
}

/** Null for a presence that says 1 everywhere, so that later loops need not look. */
export function simplified(present: Uint8Array): Presence {
  return present.includes(0) ? present : null;
}

/** Steps that both have. The result may be one of the two. */
export function both(left: Presence, right: Presence): Presence {
  if (left === null) return right;
  if (right === null || left === right) return left;
  const present = new Uint8Array(left.length);
  for (let step = 0; step < present.length; step++) present[step] = (left[step] ?? 0) & (right[step] ?? 0);
  return present;
}

/** Steps that one of the two has. */
export function either(left: Presence, right: Presence): Presence {
  if (left === null || right === null) return null;
  if (left === right) return left;
  const present = new Uint8Array(left.length);
  for (let step = 0; step < present.length; step++) present[step] = (left[step] ?? 0) | (right[step] ?? 0);
  return simplified(present);
}

/** Steps that the first has and the second has not. */
export function without(left: Presence, right: Presence, count: number): Presence {
  const present = new Uint8Array(count);
  if (right === null) return present;
  if (left === null)
    for (let step = 0; step < count; step++) present[step] = (right[step] ?? 0) === 0 ? 1 : 0;
  else
    for (let step = 0; step < count; step++) present[step] = (right[step] ?? 0) === 0 ? (left[step] ?? 0) : 0;
  return simplified(present);
}

export function areDisjoint(left: Presence, right: Presence): boolean {
  if (left === null) return !hasAny(right);
  if (right === null) return !hasAny(left);
  for (let step = 0; step < left.length; step++) if (left[step] === 1 && right[step] === 1) return false;
  return true;
}

export function countPresent(present: Presence, count: number): number {
  if (present === null) return count;
  let total = 0;
  for (let step = 0; step < present.length; step++) total += present[step] ?? 0;
  return total;
}
