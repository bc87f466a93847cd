import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { Cleanup } from '#support/cleanup.ts';
import { writeConfiguration } from '#support/configuration-file.ts';
import type { ContractClient } from '#support/contract-client.ts';
import { eventually } from '#support/eventually.ts';
import { forkCoreUnderTest, type ForkedCore } from '#support/forked-core.ts';
import { healthyAnswer } from '#support/healthy-answers.ts';
import { temporaryFolder } from '#support/temporary-folder.ts';

/**
 * The core is killed while a silence is on its way: before the server has it, and after the server made it but
 * before the answer came. The next core sends it in the one case and finds it in the other.
 */
const cleanup = new Cleanup();
afterAll(() => cleanup.run());

interface Posted {
  readonly id: string;
  readonly comment: string;
}

class SlowAlertmanager {
  readonly posts: Posted[] = [];
  /** What it does with the next silence that is posted, before it answers any other. */
  next: 'answers' | 'makes it and hangs' | 'hangs' = 'answers';
  hangs = 0;
  url = '';
  readonly #silences: object[] = [];

  async listen(cleanup: Cleanup): Promise<this> {
    const server = createServer((request, response) => this.#answer(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    cleanup.add(() => {
      server.closeAllConnections();
      server.close();
    });
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return this;
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url ?? '';
    const say = (status: number, json: unknown): void =>
      void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json));
    if (request.method === 'POST') {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => this.#post(JSON.parse(body) as Posted, say));
      return;
    }
    if (path === '/api/v2/silences') return say(200, this.#silences);
    const found = this.#silences.find((silence) => path.endsWith((silence as Posted).id));
    if (path.startsWith('/api/v2/silence/') && found !== undefined) return say(200, found);
    const healthy = path === '/api/v2/alerts' ? [] : healthyAnswer('alertmanager', path);
    return say(healthy === undefined ? 404 : 200, healthy ?? 'not found');
  }

  #post(silence: Posted, say: (status: number, json: unknown) => void): void {
    const what = this.next;
    this.next = 'answers';
    if (what === 'hangs') return void (this.hangs += 1);
    const id = `00000000-0000-4000-8000-00000000000${this.posts.length}`;
    this.posts.push({ ...silence, id });
    const updatedAt = new Date().toISOString();
    this.#silences.push({ ...silence, id, updatedAt, status: { state: 'active' } });
    if (what === 'answers') return say(200, { silenceID: id });
    this.hangs += 1;
  }
}

interface Place {
  readonly server: SlowAlertmanager;
  readonly startCore: () => Promise<{ core: ForkedCore; client: ContractClient }>;
}

async function setUp(): Promise<Place> {
  const folder = temporaryFolder(cleanup);
  const server = await new SlowAlertmanager().listen(cleanup);
  const configurationPath = writeConfiguration(folder, [
    { name: 'alertmanager', kind: 'alertmanager', url: server.url },
  ]);
  return {
    server,
    startCore: async () => {
      const core = forkCoreUnderTest({ dataDirectory: join(folder, 'data'), configurationPath }, cleanup);
      return { core, client: await core.connect() };
    },
  };
}

// Each waits out the ten seconds in which a silence can be taken back: both do so at once.
test.concurrent.each(['makes it and hangs', 'hangs'] as const)(
  'killed while the server %s: it is made once',
  { timeout: 90_000 },
  async (what) => {
    const { server, startCore } = await setUp();
    const { core, client } = await startCore();
    server.next = what;
    const startsAtMs = Date.now();
    const { outboxId } = await client.call('silence.save', {
      draft: {
        matchers: [{ name: 'alertname', value: 'DiskFull', isRegex: false, isEqual: true }],
        startsAtMs,
        endsAtMs: startsAtMs + 3_600_000,
        comment: 'the disk is changed',
        endsAfterQuietMs: null,
      },
      cluster: 'alertmanager',
      replaces: null,
      incidentIds: [],
    });
    await eventually('it is on its way', () => (server.hangs > 0 ? true : undefined), 20_000);
    expect(Date.now() - startsAtMs).toBeGreaterThanOrEqual(9_990);
    await core.kill();

    const next = await startCore();
    const entries = await next.client.until('it is done', 'outbox', (rows) =>
      rows.some(({ id, state }) => id === outboxId && state === 'done'),
    );
    expect(server.posts.map(({ comment }) => comment)).toEqual(['the disk is changed']);
    expect(entries[0]?.silenceId).toBe(server.posts[0]?.id);
    await next.core.stop();
  },
);
