import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BodyRefused, readBody, unpacked } from './body.ts';

const capBytes = 100_000;
const packedUpToBytes = 1_000_000;

function streamOf(bytes: Uint8Array, chunkBytes: number): Readable {
  const chunks: Buffer[] = [];
  for (let from = 0; from < bytes.length; from += chunkBytes)
    chunks.push(Buffer.from(bytes.subarray(from, from + chunkBytes)));
  return Readable.from(chunks);
}

const row = '{"labels":{"alertname":"Latency","instance":"10.0.0.1:9100"}},';

test('a long list is what was sent, held packed or not, in whatever chunks it came', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 12_000 }),
      fc.integer({ min: 200, max: 80_000 }),
      async (rows, chunkBytes) => {
        const sent = new TextEncoder().encode(row.repeat(rows));
        const body = await readBody(streamOf(sent, chunkBytes), '', {
          capBytes,
          packedUpToBytes,
          past: 'refuse',
        });
        expect(body.isPacked).toBe(sent.length > capBytes / 2);
        expect(body.bytes.length).toBeLessThanOrEqual(capBytes);
        const opened = body.isPacked ? unpacked(body.bytes, packedUpToBytes) : body.bytes;
        expect(Buffer.compare(opened, sent)).toBe(0);
      },
    ),
    { numRuns: 40 },
  );
});

test('one that is too long is refused, and one that cannot be packed as well', async () => {
  const bounds = { capBytes, packedUpToBytes, past: 'refuse' } as const;
  const long = new TextEncoder().encode(row.repeat(20_000));
  await expect(readBody(streamOf(long, 16_384), '', bounds)).rejects.toThrow(BodyRefused);
  const noise = randomBytes(300_000);
  await expect(readBody(streamOf(noise, 16_384), '', bounds)).rejects.toThrow(BodyRefused);
});

test('nothing is packed where nobody asked for it', async () => {
  const sent = new TextEncoder().encode(row.repeat(1_000));
  const body = await readBody(streamOf(sent, 5_000), '', { capBytes, past: 'refuse' });
  expect([body.isPacked, body.bytes.length]).toEqual([false, sent.length]);
  const more = new TextEncoder().encode(row.repeat(3_000));
  await expect(readBody(streamOf(more, 5_000), '', { capBytes, past: 'refuse' })).rejects.toThrow(
    BodyRefused,
  );
});
