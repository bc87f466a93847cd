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
    const [list] = fieldsOf(logLine({ text: '{"a":{"c":[1]}}' }), {}).fields;
    expect(list && queryWithField(query, list, '=')).toBe('{service=~".+"} |= "[1]"');
    expect(only('metadata', 'user', '"} or {')).toBe('{service=~".+"} | user="\\"} or {"');
    expect(queryWithField('{{', { name: 'pod', value: 'v', from: 'stream' }, '!=')).toBeNull();
  });

  it('shows numbers as their line has them, and narrows to what Loki makes of a field', () => {
    const text =
      '{"id":12345678901234567890,"took":1.0,"big":1e3,"n":7,"no":null,"word":"null","tag":"[x]","of":["a b", {"k": 1}],' +
      '"é":["\\u00e9"],"app":"x","user":"y"}';
    const line = logLine({ text, metadata: { user: 'z' }, parsed: { took: '1.0', app_extracted: 'x' } });
    const { fields } = fieldsOf(line, { app: 'web' });
    expect(fields.map(({ name, value, from }) => `${from} ${name}=${value}`)).toEqual([
      'line id=12345678901234567890',
      'line took=1.0',
      'line big=1e3',
      'line n=7',
      'line no=null',
      'line word=null',
      'line tag=[x]',
      'line of=["a b",{"k":1}]',
      'line é=["é"]',
      'line app=x',
      'line user=y',
      'metadata user=z',
      'stream app=web',
    ]);
    expect(fields.slice(0, 11).map((field) => queryWithField('{app="web"}', field, '='))).toEqual([
      '{app="web"} | json | id="12345678901234567890"',
      '{app="web"} | json | took="1.0"',
      '{app="web"} | json | big="1e3"',
      '{app="web"} | json | n="7"',
      '{app="web"} | json | no=""',
      '{app="web"} | json | word="null"',
      '{app="web"} | json | tag="[x]"',
      String.raw`{app="web"} |= "[\"a b\", {\"k\": 1}]"`,
      // It is written with an escape there, which is not looked for.
      null,
      '{app="web"} | json | app_extracted="x"',
      '{app="web"} | json | user_extracted="y"',
    ]);
  });

  it('looks for a list only so far: a line of thousands of them holds up nobody', () => {
    const lists = Array.from({ length: 198 }, (_, index) => [`f${index}`, [0, index]]);
    const line = logLine({
      text: JSON.stringify({ many: Array.from({ length: 99 }, () => [0]), ...Object.fromEntries(lists) }),
    });
    const { fields } = fieldsOf(line, {});
    const asked = (name: string): string | null => {
      const field = fields.find((one) => one.name === name);
      return field === undefined ? null : queryWithField('{app="web"}', field, '=');
    };
    expect(asked('f3')).toBe('{app="web"} |= "[0,3]"');
    expect(asked('f197')).toBeNull();
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
