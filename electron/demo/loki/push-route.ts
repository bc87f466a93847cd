import type { HttpRequest, HttpResponse } from '../http-server.ts';
import { refused } from './answers.ts';

/** The demo's lines are made, not collected: what is wrong is refused as Loki does, the rest with 501. */
export function answerPush({ contentType, body }: HttpRequest): HttpResponse {
  if (contentType !== 'application/json') {
    return refused("push of anything but JSON is not supported by the demo's Loki\n", 501);
  }
  let pushed: unknown;
  try {
    pushed = JSON.parse(body);
  } catch {
    const shown = body.slice(0, 20);
    return refused(
      `loghttp.PushRequest.readFieldHash: expect ", but found \u0000, error found in #${Math.max(1, shown.length)} byte of ` +
        `...|${shown}|..., bigger context ...|${shown}|...\n`,
    );
  }
  const streams = (pushed as { readonly streams?: unknown } | null)?.streams;
  if (!Array.isArray(streams) || streams.length === 0) {
    return refused('error at least one valid stream is required for ingestion\n', 422);
  }
  return refused("the demo's Loki takes no lines: its own are made up\n", 501);
}
