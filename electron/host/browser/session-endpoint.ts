import type { IncomingMessage, ServerResponse } from 'node:http';
import * as v from 'valibot';
import type { SessionAnswer } from '#shared/browser-link.ts';
import { drop } from '#shared/result.ts';
import { answerJson, answerRefusal } from './answers.ts';
import { setCookie } from './cookie.ts';
import type { Session, Sessions } from './sessions.ts';

/**
 * `POST /session`: with the launch token it makes a session and sets its cookie; with a session's cookie
 * and no token it gives the token that opens a link. The door has let the request in before.
 */

export interface SessionContext {
  readonly sessions: Sessions;
  /** The session of the request's cookie, where it has one. */
  readonly session: Session | undefined;
  readonly port: number;
  readonly authority: string;
}

const maxBodyBytes = 1_024;
const requestSchema = v.object({ token: v.optional(v.pipe(v.string(), v.maxLength(200))) });

export function answerSession(
  request: IncomingMessage,
  response: ServerResponse,
  context: SessionContext,
): void {
  drop(
    readBody(request).then((body) => {
      if (response.destroyed) return;
      const parsed = v.safeParse(requestSchema, body);
      if (!parsed.success)
        return answerRefusal(response, { status: 400, reason: 'not a session request' }, context.authority);
      if (parsed.output.token === undefined) return answerLinkToken(response, context);
      return exchange(response, parsed.output.token, context);
    }),
    'a body that cannot be read is undefined',
  );
}

function answerLinkToken(response: ServerResponse, { session, authority }: SessionContext): void {
  if (session === undefined) return answerRefusal(response, { status: 403, reason: 'no session' }, authority);
  answerJson(response, { linkToken: session.linkToken } satisfies SessionAnswer, {}, authority);
}

function exchange(
  response: ServerResponse,
  token: string,
  { sessions, port, authority }: SessionContext,
): void {
  const exchanged = sessions.exchange(token);
  switch (exchanged.kind) {
    case 'accepted':
      return answerJson(response, {}, { 'Set-Cookie': setCookie(port, exchanged.secret) }, authority);
    case 'wrong':
      return answerRefusal(response, { status: 403, reason: 'wrong token' }, authority);
    case 'locked': {
      const retryAfter = String(Math.ceil(exchanged.retryAfterMs / 1_000));
      const refusal = { status: 429, reason: 'too many wrong tokens' };
      return answerRefusal(response, refusal, authority, { 'Retry-After': retryAfter });
    }
  }
}

/** @returns the parsed JSON body, or undefined where it is too large, broken off or no JSON. */
async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      bytes += chunk.byteLength;
      if (bytes > maxBodyBytes) return undefined;
      chunks.push(chunk);
    }
    return JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown;
  } catch {
    // Broken off or not JSON: the caller refuses both alike.
    return undefined;
  }
}
