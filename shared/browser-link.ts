import * as v from 'valibot';

/**
 * How a window of the browser host gets its link. It posts `{}` with its session cookie to `sessionPath`,
 * gets a link token, opens a WebSocket to `linkPath` with `linkProtocol` and sends `linkGreeting` as its
 * first frame; from then on frames are those of `wire.ts`. Both ends use these names.
 *
 * A WebSocket outlives cores. On its `core` channel each core that comes to run begins a new link, which
 * begins with the core's `hello`; the one before has ended when `core-state` leaves `running`.
 */
export const sessionPath = '/session';
export const linkPath = '/link';
export const linkProtocol = 'opssight.v1';

/** What `POST /session` answers to a valid cookie. */
export const sessionAnswerSchema = v.object({ linkToken: v.pipe(v.string(), v.maxLength(200)) });
export type SessionAnswer = v.InferOutput<typeof sessionAnswerSchema>;

export function linkGreeting(linkToken: string): string {
  return `t${linkToken}`;
}
