import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Cleanup } from '#support/cleanup.ts';

/**
 * A server that repeats every header it is sent, in each way in which servers do: in an error's JSON, in a
 * page's title, as plain text, far behind in a long text, encoded. The path's first part says the way.
 */
export async function startEchoServer(cleanup: Cleanup): Promise<{ url: string; heard: () => string }> {
  let heard = '';
  const server = createServer((request, response) => {
    const text = headersOf(request);
    heard += text;
    const way = request.url?.split('/')[1] ?? '';
    const { status, type, body } = answers[way]?.(text) ?? { status: 404, type: 'text/plain', body: text };
    response.writeHead(status, { 'content-type': type }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanup.add(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, heard: () => heard };
}

interface Echo {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

const answers: Readonly<Record<string, (text: string) => Echo>> = {
  json: (text) => ({
    status: 401,
    type: 'application/json',
    body: JSON.stringify({ status: 'error', errorType: 'bad_data', error: text }),
  }),
  refused: (text) => ({
    status: 400,
    type: 'application/json',
    body: JSON.stringify({ status: 'error', errorType: 'bad_data', error: text }),
  }),
  page: (text) => ({ status: 403, type: 'text/html', body: `<html><title>${text}</title>` }),
  login: (text) => ({ status: 200, type: 'text/html', body: `<html><title>${text}</title>` }),
  text: (text) => ({ status: 500, type: 'text/plain', body: text }),
  words: (text) => ({ status: 200, type: 'text/plain', body: text }),
  damaged: (text) => ({ status: 200, type: 'application/json', body: `{"status": "${text}` }),
  encoded: (text) => ({ status: 502, type: 'text/plain', body: encodeURIComponent(text) }),
  // The secret stands where a message is cut.
  cut: (text) => ({ status: 503, type: 'text/plain', body: `${'x'.repeat(200)} ${text}` }),
  redirect: (text) => ({ status: 500, type: 'text/plain', body: `${'y'.repeat(60)} ${text}` }),
};

/** Those that may hold a secret, names left out, so that a cut meets the secret itself. */
function headersOf({ headers }: IncomingMessage): string {
  const { authorization = '', 'proxy-authorization': proxy = '', 'x-key': key = '', ...rest } = headers;
  return [authorization, proxy, key, rest['x-scope-orgid'] ?? '', rest['x-team'] ?? '']
    .flat()
    .join(' ')
    .trim();
}
