import { connect, type Socket } from 'node:net';
import { linkProtocol } from '#shared/browser-link.ts';

/**
 * Speaks to the browser host byte by byte, so that a test says exactly what goes over the wire; an HTTP
 * client would refuse or repair most of it.
 */

export interface RawAnswer {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** Header lines as `Name: value`; one more with `Connection: close` is added. */
export function requestText(method: string, target: string, headers: readonly string[], body = ''): string {
  const length = body === '' ? [] : [`Content-Length: ${Buffer.byteLength(body)}`];
  return `${[`${method} ${target} HTTP/1.1`, ...headers, ...length, 'Connection: close'].join('\r\n')}\r\n\r\n${body}`;
}

/** Sends text and reads until the other end closes. */
export function exchange(port: number, text: string | Buffer): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    const chunks: Buffer[] = [];
    const end = (): void => resolve(parseAnswer(Buffer.concat(chunks).toString('latin1')));
    socket.setTimeout(8_000, () =>
      reject(new Error(`no end of the answer to ${text.toString().slice(0, 60)}`)),
    );
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', end);
    socket.on('close', end);
    socket.write(text);
  });
}

/** Status 0 is a connection that was closed without an answer. */
function parseAnswer(text: string): RawAnswer {
  const [head = '', body = ''] = text.split(/\r\n\r\n([\s\S]*)/u);
  const [statusLine = '', ...lines] = head.split('\r\n');
  const headers = lines.map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
  });
  return { status: Number(statusLine.split(' ')[1] ?? 0), headers: new Map(headers), body };
}

export const upgradeHeaders = [
  'Upgrade: websocket',
  'Connection: Upgrade',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
] as const;
export const protocolHeader = `Sec-WebSocket-Protocol: ${linkProtocol}`;

/** A connection after its upgrade was accepted. */
export interface RawLink {
  readonly socket: Socket;
  /** The code of the close frame that comes, or 1006 where the connection just ends. */
  readonly closeCode: Promise<number>;
}

/** Asks for an upgrade. @returns the status, with the connection where it is 101. */
export function upgrade(port: number, text: string): Promise<{ status: number; link: RawLink | undefined }> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let received = Buffer.alloc(0);
    let status: number | undefined;
    const { promise: closeCode, resolve: closed } = Promise.withResolvers<number>();
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      if (status === undefined) {
        const headEnd = received.indexOf('\r\n\r\n');
        if (headEnd < 0) return;
        status = parseAnswer(received.toString('latin1')).status;
        received = received.subarray(headEnd + 4);
        resolve({ status, link: status === 101 ? { socket, closeCode } : undefined });
      }
      const code = closeCodeIn(received);
      if (code !== undefined) closed(code);
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      closed(1006);
      resolve({ status: status ?? 0, link: undefined });
    });
    socket.write(text);
  });
}

/** Walks the server's frames (never masked) and reads the close frame's code where there is one. */
function closeCodeIn(received: Buffer): number | undefined {
  let offset = 0;
  while (offset + 2 <= received.length) {
    const opcode = received[offset]! & 0x0f;
    const short = received[offset + 1]! & 0x7f;
    const extended = short === 126 ? 2 : short === 127 ? 8 : 0;
    if (offset + 2 + extended > received.length) return undefined;
    const length =
      short === 126
        ? received.readUInt16BE(offset + 2)
        : short === 127
          ? Number(received.readBigUInt64BE(offset + 2))
          : short;
    const start = offset + 2 + extended;
    if (opcode === 8) return length >= 2 ? received.readUInt16BE(start) : 1005;
    offset = start + length;
  }
  return undefined;
}

/** A client's frame: masked, as the protocol demands. */
export function frame(opcode: number, payload: Buffer | string, final = true): Buffer {
  const bytes = Buffer.from(payload as string);
  const mask = Buffer.from([1, 2, 3, 4]);
  const length =
    bytes.length < 126
      ? Buffer.from([0x80 | bytes.length])
      : bytes.length < 65_536
        ? Buffer.from([0x80 | 126, bytes.length >> 8, bytes.length & 255])
        : Buffer.concat([Buffer.from([0x80 | 127]), bigEndian64(bytes.length)]);
  const masked = Buffer.from(bytes.map((byte, index) => byte ^ mask[index % 4]!));
  return Buffer.concat([Buffer.from([(final ? 0x80 : 0) | opcode]), length, mask, masked]);
}

function bigEndian64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
}
