import type { ConsoleStatus, Notice } from '#shared/model/console.ts';

/** Which of the things that the console has to say come first. */

export function currentOffer(console: ConsoleStatus | null): ConsoleStatus['offers'][number] | undefined {
  return console?.offers[0];
}

const order = ['error', 'warning', 'info'] as const;

/** The gravest notice, the newest of those. */
export function topNotice(console: ConsoleStatus | null): Notice | undefined {
  return [...(console?.notices ?? [])].sort(
    (left, right) => order.indexOf(left.severity) - order.indexOf(right.severity) || right.atMs - left.atMs,
  )[0];
}
