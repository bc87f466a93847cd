import * as v from 'valibot';
import { commandFailureSchema } from '../failure.ts';

/**
 * The frames of the protocol between a window and the core.
 *
 * A call gets exactly one `answer`, a cancelled or late one included. A subscription gets a `snapshot`
 * and then `patch`es whose `sequence` rises by one; the window acknowledges with `seen`, and the core
 * keeps at most a bounded backlog of unseen patches: beyond it it stops patching and, once the window has
 * caught up, sends a fresh snapshot. A window that finds a gap asks for a `resync`.
 */

const id = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const name = v.pipe(v.string(), v.maxLength(100));

export const clientFrameSchema = v.variant('frame', [
  v.object({
    frame: v.literal('call'),
    id,
    command: name,
    input: v.unknown(),
    /** After this long the core gives up and answers `deadline-exceeded`. */
    deadlineMs: v.pipe(v.number(), v.minValue(1), v.maxValue(600_000)),
  }),
  v.object({ frame: v.literal('cancel'), id }),
  v.object({ frame: v.literal('subscribe'), id, topic: name, key: v.pipe(v.string(), v.maxLength(200)) }),
  v.object({ frame: v.literal('unsubscribe'), id }),
  v.object({ frame: v.literal('seen'), id, sequence: id }),
  v.object({ frame: v.literal('resync'), id }),
]);
export type ClientFrame = v.InferOutput<typeof clientFrameSchema>;

export const serverFrameSchema = v.variant('frame', [
  v.object({ frame: v.literal('hello'), protocol: v.literal(1), coreEpoch: v.string() }),
  v.object({
    frame: v.literal('answer'),
    id,
    answer: v.variant('ok', [
      v.object({ ok: v.literal(true), value: v.unknown() }),
      v.object({ ok: v.literal(false), failure: commandFailureSchema }),
    ]),
  }),
  v.object({ frame: v.literal('snapshot'), id, sequence: id, value: v.unknown() }),
  v.object({ frame: v.literal('patch'), id, sequence: id, value: v.unknown() }),
  /** The subscription ended: an unknown topic, a bad key, too many subscriptions. */
  v.object({ frame: v.literal('ended'), id, failure: commandFailureSchema }),
  /** A frame that could not be read at all. */
  v.object({ frame: v.literal('rejected'), failure: commandFailureSchema }),
]);
export type ServerFrame = v.InferOutput<typeof serverFrameSchema>;
