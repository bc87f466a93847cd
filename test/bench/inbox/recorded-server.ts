import { createServer, request as ask } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Cleanup } from '#support/cleanup.ts';

/**
 * Stands between the console and an Alertmanager: passes everything through as it comes, and notes when the
 * last byte of an answer to the list of alerts was handed over. Until it is opened there are no alerts.
 */
export interface ListAnswer {
  /** Of the clock that pages have too. */
  readonly lastByteAtMs: number;
  readonly bytes: number;
}

export class RecordedServer {
  url = '';
  /** Of every list that was passed on whole, oldest first. */
  readonly lists: ListAnswer[] = [];
  #isOpen = false;

  static async start(upstream: string, cleanup: Cleanup): Promise<RecordedServer> {
    const recorded = new RecordedServer();
    const server = createServer((request, response) => {
      const path = request.url ?? '';
      const isList = path.startsWith('/api/v2/alerts') && !path.startsWith('/api/v2/alerts/groups');
      if (isList && !recorded.#isOpen) {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end('[]');
        return;
      }
      const passed = ask(`${upstream}${path}`, { method: request.method, headers: request.headers });
      passed.once('response', (answer) => {
        let bytes = 0;
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.on('data', (chunk: Buffer) => {
          bytes += chunk.byteLength;
          if (!response.write(chunk)) {
            answer.pause();
            response.once('drain', () => answer.resume());
          }
        });
        answer.once('end', () => {
          // Called once the last byte was handed to the system.
          response.end(() => {
            if (isList) recorded.lists.push({ lastByteAtMs: Date.now(), bytes });
          });
        });
      });
      passed.once('error', () => response.destroy());
      request.pipe(passed);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    cleanup.add(() => {
      server.closeAllConnections();
      server.close();
    });
    recorded.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return recorded;
  }

  open(): void {
    this.#isOpen = true;
  }
}
