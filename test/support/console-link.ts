import { WebSocket } from 'ws';
import * as v from 'valibot';
import {
  linkGreeting,
  linkPath,
  linkProtocol,
  sessionAnswerSchema,
  sessionPath,
} from '#shared/browser-link.ts';
import type { Link } from '#shared/link.ts';
import { decodeWire, encodeWire } from '#shared/wire.ts';
import type { Cleanup } from './cleanup.ts';
import { ContractClient } from './contract-client.ts';

/**
 * Comes in through the browser host's door like a browser, without one: the printed address' token for a
 * cookie, the cookie for a link. For tests that look at what the console knows, not at how it looks.
 */
export async function connectToConsole(address: string, cleanup: Cleanup): Promise<ContractClient> {
  const url = new URL(address);
  const token = new URLSearchParams(url.hash.slice(1)).get('token');
  const entered = await post(url, { token }, {});
  const cookie = entered.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const session = await post(url, {}, { cookie });
  const { linkToken } = v.parse(sessionAnswerSchema, await session.json());
  const socket = new WebSocket(`ws://${url.host}${linkPath}`, [linkProtocol], {
    headers: { cookie, origin: url.origin },
  });
  cleanup.add(() => socket.terminate());
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  const link = coreLink(socket);
  socket.send(linkGreeting(linkToken));
  return new ContractClient(link);
}

async function post(url: URL, body: unknown, headers: Record<string, string>): Promise<Response> {
  const answer = await fetch(new URL(sessionPath, url), {
    method: 'POST',
    headers: { ...headers, origin: url.origin, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${sessionPath}: ${answer.status} ${await answer.text()}`);
  return answer;
}

/** The core's channel of the socket, for as long as one core lives. */
function coreLink(socket: WebSocket): Link {
  return {
    send: (message) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(encodeWire('core', message));
    },
    onMessage: (listener) => {
      socket.on('message', (data: Buffer, isBinary) => {
        const wire = decodeWire(isBinary ? new Uint8Array(data) : data.toString());
        if (wire?.channel === 'core') listener(wire.message);
      });
    },
    onClose: (listener) => socket.on('close', (_code, reason) => listener(reason.toString())),
    close: (reason) => socket.close(4_000, reason),
  };
}
