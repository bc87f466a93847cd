import { describe, expect, it } from 'vitest';
import { logLine } from '#support/scripted-logs.ts';
import { fieldsOf, queryWithField, traceIdOf } from './log-fields.ts';

const query = '{service=~".+"}';

describe('the fields of a line', () => {
  it('flattens JSON and says once what a parser says too', () => {
    const line = logLine({
      text: '{"a":{"b":1,"c":[1,2]}}',
      parsed: { a_b: '1', other: 'x' },
      metadata: { m: 'y' },
    });
    const { fields } = fieldsOf(line, { service: 'backend' });
    expect(fields.map(({ name, value, from }) => `${from} ${name}=${value}`)).toEqual([
      'line a.b=1',
      'line a.c=[1,2]',
      'parsed other=x',
      'metadata m=y',
      'stream service=backend',
    ]);
  });

  it('of a line nested deeper than the stack end where nobody reads on', () => {
    const deep = `${'['.repeat(60_000)}${']'.repeat(60_000)}`;
    const { fields } = fieldsOf(logLine({ text: `{"a":${deep},"trace_id":"0123456789abcdef"}` }), {});
    expect(fields.map(({ name }) => name)).toEqual(['a', 'trace_id']);
    expect(fields[0]?.value).toHaveLength(16 * 2 + 3);
  });

  it('narrows by where a field is from', () => {
    const only = (from: 'line' | 'metadata' | 'stream', name: string, value = 'v'): string | null =>
      queryWithField(query, { name, value, from }, '=');
    expect(only('stream', 'pod')).toBe('{service=~".+", pod="v"}');
    expect(only('metadata', 'user')).toBe('{service=~".+"} | user="v"');
    expect(only('line', 'a.b')).toBe('{service=~".+"} | json | a_b="v"');
    expect(only('line', 'a.c', '[1]')).toBe('{service=~".+"} |= "[1]"');
    expect(only('metadata', 'user', '"} or {')).toBe('{service=~".+"} | user="\\"} or {"');
    expect(queryWithField('{{', { name: 'pod', value: 'v', from: 'stream' }, '!=')).toBeNull();
  });

  it('finds a trace wherever it is named, and no zeros', () => {
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
    expect(traceIdOf(logLine({ metadata: { trace_id: traceId } }))).toBe(traceId);
    expect(traceIdOf(logLine({ text: JSON.stringify({ ctx: { traceId: traceId.toUpperCase() } }) }))).toBe(
      traceId,
    );
    expect(traceIdOf(logLine({ metadata: { trace_id: '0'.repeat(32) } }))).toBeNull();
    expect(traceIdOf(logLine({ metadata: { trace_id: 'no' } }))).toBeNull();
  });
});
