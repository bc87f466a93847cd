import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Trace } from '../model/trace.ts';
import { failed } from '../result.ts';
import { maxAttributes, maxValueLength } from './read-attributes.ts';
import { maxEvents } from './read-span.ts';
import { readTraceText } from './read-trace.ts';

const traceId = '83a9efd15c1c98a977e0711cc93ee28b';

function read(json: unknown): Trace[] {
  const traces = readTraceText(typeof json === 'string' ? json : JSON.stringify(json));
  if (!traces.ok) throw new Error(traces.failure);
  return traces.value;
}

function one(json: unknown): Trace {
  const [trace] = read(json);
  if (trace === undefined) throw new Error('no trace');
  return trace;
}

const v1Span = (fields: object): object => ({
  traceID: traceId,
  spanID: '000000000000000a',
  operationName: 'op',
  startTime: 1_706_678_909_209_712,
  duration: 123,
  processID: 'p1',
  ...fields,
});
const v1 = (...spans: object[]): object => ({ data: [{ traceID: traceId, spans, processes: {} }] });
const otlpSpan = (fields: object): object => ({
  traceId,
  spanId: '000000000000000a',
  name: 'op',
  startTimeUnixNano: '1706678909209712345',
  endTimeUnixNano: '1706678909209835345',
  ...fields,
});
const otlp = (...spans: object[]): object => ({ resourceSpans: [{ scopeSpans: [{ spans }] }] });

test('microseconds become exact nanoseconds, and nanoseconds stay as they are', () => {
  expect(one(v1(v1Span({}))).spans[0]).toMatchObject({
    startNs: '1706678909209712000',
    durationNs: 123_000,
  });
  expect(one(otlp(otlpSpan({}))).spans[0]).toMatchObject({
    startNs: '1706678909209712345',
    durationNs: 123_000,
  });
});

test('ids of any case, shortened or in base64 are the same lower-case hex', () => {
  const upper = one(otlp(otlpSpan({ traceId: traceId.toUpperCase(), spanId: 'EEE19B7EC3C1B174' })));
  expect(upper).toMatchObject({ traceId, spans: [{ spanId: 'eee19b7ec3c1b174' }] });
  const base64 = one(otlp(otlpSpan({ traceId: 'g6nv0VwcmKl34HEcyT7iiw==', spanId: '7uGbfsPBsXQ=' })));
  expect(base64).toMatchObject({ traceId, spans: [{ spanId: 'eee19b7ec3c1b174' }] });
  expect(one(v1(v1Span({ spanID: 'a' }))).spans[0]?.spanId).toBe('000000000000000a');
  expect(one({ data: [{ traceID: 'ABC', spans: [] }] }).traceId).toBe('0000000000000abc');
  expect(readTraceText(JSON.stringify(otlp(otlpSpan({ spanId: 'no id' }))))).toMatchObject({ ok: false });
});

test('numbers past 2^53 survive, bare or as text', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
      const tag = `{"key":"n","type":"int64","value":${value}}`;
      const [span] = one(JSON.stringify(v1(v1Span({ tags: ['@'] }))).replace('"@"', tag)).spans;
      expect(span?.attributes).toEqual([{ key: 'n', type: 'int64', value: String(value) }]);
    }),
  );
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }), (start) => {
      const bare = JSON.stringify(otlp(otlpSpan({ startTimeUnixNano: '@', endTimeUnixNano: '@' })));
      expect(one(bare.replaceAll('"@"', String(start))).spans[0]).toMatchObject({ startNs: String(start) });
    }),
  );
});

test('times that no clock tells are refused, with the span that has them', () => {
  for (const startTime of [-1, 'soon', 1e17, '99999999999999999999', {}]) {
    const refused = readTraceText(JSON.stringify(v1(v1Span({ startTime }))));
    expect(refused).toMatchObject({ ok: false, failure: expect.stringContaining('span 1') });
  }
  for (const startTimeUnixNano of ['-1', String(2n ** 63n), 'soon']) {
    expect(readTraceText(JSON.stringify(otlp(otlpSpan({ startTimeUnixNano }))))).toMatchObject({ ok: false });
  }
  expect(one(v1(v1Span({ duration: -5 }))).spans[0]).toMatchObject({
    durationNs: 0,
    warnings: [expect.any(String)],
  });
});

test('the parent is the first CHILD_OF of this trace, else the first FOLLOWS_FROM; the rest are links', () => {
  const other = 'ff'.repeat(16);
  const reference = (refType: string, traceID: string, spanID: string): object => ({
    refType,
    traceID,
    spanID,
  });
  const [both, follows, foreign] = one(
    v1(
      v1Span({
        references: [
          reference('FOLLOWS_FROM', traceId, '1'),
          reference('CHILD_OF', other, '2'),
          reference('CHILD_OF', traceId, '3'),
        ],
      }),
      v1Span({ references: [reference('FOLLOWS_FROM', traceId, '1')] }),
      v1Span({ references: [reference('CHILD_OF', other, '2')] }),
    ),
  ).spans;
  expect(both).toMatchObject({
    parentSpanId: '0000000000000003',
    links: [
      { kind: 'FOLLOWS_FROM', traceId, spanId: '0000000000000001' },
      { kind: 'CHILD_OF', traceId: other, spanId: '0000000000000002' },
    ],
  });
  expect(follows).toMatchObject({ parentSpanId: '0000000000000001', links: [{ kind: 'FOLLOWS_FROM' }] });
  expect(foreign).toMatchObject({ parentSpanId: '', links: [{ traceId: other }] });
});

test('a link keeps its attributes; of links without end the parent is found and the number is said', () => {
  const other = 'ff'.repeat(16);
  const attribute = (key: string, stringValue: string): object => ({ key, value: { stringValue } });
  const attributes = [attribute('opentracing.ref_type', 'child_of'), attribute('reason', 'batch')];
  const [linked, many] = one(
    otlp(
      otlpSpan({ links: [{ traceId: other, spanId: 'b', attributes }] }),
      otlpSpan({ links: Array.from({ length: 1_001 }, () => ({ traceId: other, spanId: 'b' })) }),
    ),
  ).spans;
  expect(linked?.links).toEqual([
    {
      kind: 'CHILD_OF',
      traceId: other,
      spanId: '000000000000000b',
      attributes: [{ key: 'reason', type: 'string', value: 'batch' }],
    },
  ]);
  expect(many).toMatchObject({ links: { length: 1_000 }, warnings: [expect.stringContaining('1001 links')] });
  const foreign = { refType: 'FOLLOWS_FROM', traceID: other, spanID: 'b' };
  const references = [
    ...Array.from({ length: 1_000 }, () => foreign),
    { refType: 'CHILD_OF', traceID: traceId, spanID: '3' },
  ];
  const [late] = one(v1(v1Span({ references }))).spans;
  expect(late).toMatchObject({
    parentSpanId: '0000000000000003',
    links: { length: 1_000 },
    warnings: [expect.stringContaining('1001 references')],
  });
});

test('status and kind are read from tags and from fields, and are not said twice', () => {
  const tag = (key: string, type: string, value: unknown): object => ({ key, type, value });
  const [bare, told] = one(
    v1(
      v1Span({ tags: [tag('error', 'bool', true)] }),
      v1Span({
        tags: [
          tag('span.kind', 'string', 'server'),
          tag('error', 'bool', true),
          tag('otel.status_code', 'string', 'ERROR'),
          tag('otel.status_description', 'string', 'it broke'),
        ],
      }),
    ),
  ).spans;
  expect(bare).toMatchObject({
    status: 'error',
    attributes: [{ key: 'error', type: 'bool', value: 'true' }],
  });
  const same = { status: 'error', statusMessage: 'it broke', kind: 'server', attributes: [] };
  expect(told).toMatchObject(same);
  const status = { code: 2, message: 'it broke' };
  expect(one(otlp(otlpSpan({ kind: 2, status }))).spans[0]).toMatchObject(same);
  const named = { kind: 'SPAN_KIND_SERVER', status: { ...status, code: 'STATUS_CODE_ERROR' } };
  expect(one(otlp(otlpSpan(named))).spans[0]).toMatchObject(same);
  const no = one(v1(v1Span({ tags: [tag('error', 'bool', false)] }))).spans[0];
  expect(no).toMatchObject({ status: 'unset', attributes: [{ value: 'false' }] });
});

test('warnings of the trace and of its spans are kept, those in OTLP among them', () => {
  const skew = 'clock skew adjustment disabled; not applying calculated delta of 1s';
  const trace = one({
    data: [{ traceID: traceId, spans: [v1Span({ warnings: [skew] })], warnings: ['whole'], processes: {} }],
  });
  expect(trace).toMatchObject({ warnings: ['whole'], spans: [{ warnings: [skew] }] });
  const value = { arrayValue: { values: [{ stringValue: skew }] } };
  const attributes = [{ key: '@jaeger@warnings', value }];
  expect(one(otlp(otlpSpan({ attributes }))).spans[0]).toMatchObject({ warnings: [skew], attributes: [] });
});

test('spans of one list are put together by their trace, and resources by what they say', () => {
  const resource = (name: string): object => ({
    attributes: [{ key: 'service.name', value: { stringValue: name } }],
  });
  const other = '1'.repeat(32);
  const traces = read({
    result: {
      resourceSpans: [
        { resource: resource('a'), scopeSpans: [{ spans: [otlpSpan({}), otlpSpan({ traceId: other })] }] },
        { resource: resource('b'), scopeSpans: [{ spans: [otlpSpan({})] }] },
        { resource: resource('a'), scopeSpans: [{ spans: [otlpSpan({})] }] },
      ],
    },
  });
  expect(traces.map((trace) => [trace.traceId, trace.processes.map(({ service }) => service)])).toEqual([
    [traceId, ['a', 'b']],
    [other, ['a']],
  ]);
  expect(traces[0]?.spans.map(({ process }) => process)).toEqual([0, 1, 0]);
});

test('OTLP line by line, a single trace and an empty answer are read; anything else is refused', () => {
  const lines = `${JSON.stringify(otlp(otlpSpan({})))}\n${JSON.stringify(otlp(otlpSpan({ spanId: 'b' })))}\n`;
  expect(one(lines).spans).toHaveLength(2);
  expect(one({ traceID: traceId, spans: [v1Span({})] }).spans).toHaveLength(1);
  for (const empty of [{ data: [] }, { data: null }, { result: {} }, {}, { resourceSpans: [] }]) {
    expect(read(empty)).toEqual([]);
  }
  for (const text of ['', 'no', '{"a":1}', '[1]', '3', '{"data":[{"traceID":"zz","spans":[]}]}', '"x"']) {
    expect(readTraceText(text)).toMatchObject({ ok: false });
  }
  const broken = readTraceText('{"resourceSpans":[]}\n\n{"resourceSpans":[}\n');
  expect(broken).toMatchObject({ failure: expect.stringMatching(/^line 3 is not JSON \(/) });
  const refused = { data: null, errors: [{ code: 404, msg: 'trace not found' }] };
  expect(readTraceText(JSON.stringify(refused))).toEqual({ ok: false, failure: 'trace not found' });
});

test('what is hostile is bounded, and what was left out is said', () => {
  const tags = Array.from({ length: 10_000 }, (_, index) => ({
    key: `k${index}`,
    type: 'string',
    value: 'v',
  }));
  const large = [{ key: 'sql', type: 'string', value: 'x'.repeat(1_048_576) }];
  const logs = Array.from({ length: maxEvents + 1 }, () => ({ timestamp: 1, fields: [] }));
  const [many, long] = one(v1(v1Span({ tags, logs }), v1Span({ tags: large }))).spans;
  expect(many?.attributes).toHaveLength(maxAttributes);
  expect(many?.events).toHaveLength(maxEvents);
  expect(many?.warnings).toHaveLength(2);
  expect(long?.attributes[0]?.value).toHaveLength(maxValueLength);
  expect(long?.warnings[0]).toContain('1048576');
  const nested = `${'{"arrayValue":{"values":['.repeat(5_000)}{"stringValue":"x"}${']}}'.repeat(5_000)}`;
  const deep = JSON.stringify(otlp(otlpSpan({ attributes: [{ key: 'd', value: '@' }] })));
  expect(one(deep.replace('"@"', nested)).spans[0]?.attributes[0]?.value.length).toBeLessThan(200);
});

test.each([
  ['a resource', (deep: string) => `{"resourceSpans":[{"resource":{"attributes":${deep}},"scopeSpans":[]}]}`],
  [
    'a process',
    (deep: string) =>
      `{"data":[{"traceID":"1","spans":[{"spanID":"1","startTime":1,"duration":1,"process":{"a":${deep}}}]}]}`,
  ],
])('%s that is nested deeper than the stack is refused', (_what, textOf) => {
  const deep = '['.repeat(50_000) + ']'.repeat(50_000);
  expect(readTraceText(textOf(deep))).toEqual(failed('it is nested too deeply to read'));
});

test('more spans than can be read at once are refused by name', () => {
  const spans = `[${'0,'.repeat(500_000)}0]`;
  const refused = readTraceText(`{"data":[{"traceID":"1","spans":${spans}}]}`);
  expect(refused).toMatchObject({ ok: false, failure: expect.stringContaining('500001') });
});

test('no JSON whatever makes reading throw', () => {
  const names = fc.constantFrom('data', 'spans', 'result', 'resourceSpans', 'scopeSpans', 'tags', 'traceID');
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 6 },
      fc.oneof(fc.string(), fc.integer(), fc.constant(null), fc.boolean(), fc.constant('1')),
      fc.array(tie('tree'), { maxLength: 3 }),
      fc.dictionary(names, tie('tree'), { maxKeys: 4 }),
    ),
  }));
  fc.assert(fc.property(tree, (json) => typeof readTraceText(JSON.stringify(json)).ok === 'boolean'));
});
