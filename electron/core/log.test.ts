import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatLogEntry } from './log.ts';

const atMs = Date.UTC(2026, 10, 21, 3, 12, 8);

describe('formatLogEntry', () => {
  it('writes one JSON object with time, level, event and fields', () => {
    expect(JSON.parse(formatLogEntry('source.failed', { source: 'prod', tries: 3 }, atMs))).toEqual({
      at: '2026-11-21T03:12:08.000Z',
      level: 'error',
      event: 'source.failed',
      source: 'prod',
      tries: 3,
    });
  });

  it('lets no field forge the head or a second line', () => {
    const line = formatLogEntry(
      'x',
      { level: 'info', text: 'a\n{"level":"error"}\u001b[31m\u202egnp' },
      atMs,
    );
    expect(line).not.toMatch(/[\p{Cc}\u202e]/u);
    expect(JSON.parse(line)).toMatchObject({ level: 'error', text: 'a {"level":"error"} [31m gnp' });
  });

  it('hides credentials in addresses', () => {
    const text = 'GET https://ops:s3cret@prom.example/api failed, then http://token@[::1]:9090/';
    expect(formatLogEntry('x', { text }, atMs)).toContain(
      'GET https://***@prom.example/api failed, then http://***@[::1]:9090/',
    );
  });

  it('keeps any entry on one line of at most 4,096 characters that is JSON', () => {
    const text = fc.string({ unit: 'binary', maxLength: 3_000 });
    fc.assert(
      fc.property(text, fc.dictionary(text, text, { maxKeys: 6 }), (event, fields) => {
        const line = formatLogEntry(event, fields, atMs);
        expect(line.length).toBeLessThanOrEqual(4_096);
        expect(line).not.toMatch(/[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]/u);
        expect(JSON.parse(line)).toMatchObject({ level: 'error' });
      }),
      { numRuns: 50 },
    );
  });
});
