import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Trace } from '../model/trace.ts';
import { detailOf } from './detail.ts';
import { findInTrace } from './find.ts';
import { outlineOf } from './outline.ts';
import { readTraceText } from './read-trace.ts';
import { summaryOf } from './summary.ts';

/** Traces of Jaeger's own tests, where they lie beside the checkout; their licence keeps them out of it. */
const folder =
  process.env['OPSSIGHT_JAEGER_FIXTURES'] ??
  new URL('../../../shared/fixtures/jaeger', import.meta.url).pathname;
const isThere = existsSync(folder);
const suite = describe.skipIf(!isThere);

function readFixture(name: string): Trace[] {
  const traces = readTraceText(readFileSync(`${folder}/${name}`, 'utf8'));
  if (!traces.ok) throw new Error(`${name}: ${traces.failure}`);
  return traces.value;
}

function filesIn(under: string): string[] {
  return isThere ? readdirSync(`${folder}/${under}`).filter((name) => name.endsWith('.json')) : [];
}

suite('traces of Jaeger (needs ../shared/fixtures/jaeger)', () => {
  test('what Jaeger makes of OTLP and the OTLP itself are one model', () => {
    expect(readFixture('otlp2jaeger-in.json')).toEqual(readFixture('otlp2jaeger-out.json'));
  });

  test('a trace of the UI model: kinds of tags, references, warnings', () => {
    const [trace] = readFixture('ui_01.json');
    if (trace === undefined) throw new Error('no trace');
    expect(trace.warnings).toEqual(['some trace warning']);
    const [, tagged, , referring] = trace.spans;
    expect(tagged?.status).toBe('error');
    expect(tagged?.attributes.map(({ type, value }) => [type, value])).toEqual([
      ['string', 'service-y'],
      ['int64', '23456'],
      ['float64', '72.5'],
      ['int64', '9223372036854775222'],
      ['binary', 'AAAwOQ=='],
      ['bool', 'true'],
    ]);
    expect(referring).toMatchObject({ parentSpanId: '0000000000000002', links: [{}, {}] });
    const outline = outlineOf(trace);
    expect(outline.depths.toSorted()).toEqual(Float64Array.of(0, 0, 1, 1, 2));
    expect(outline.warnings).toContainEqual({ message: 'some span warning', spans: 2 });
    expect(findInTrace(trace, outline, '9223372036854775222')).toHaveLength(1);
  });

  test.each(filesIn('traces').map((name) => `traces/${name}`))('%s is read whole', (name) => {
    const document: unknown = JSON.parse(readFileSync(`${folder}/${name}`, 'utf8'));
    const ids = JSON.stringify(document).match(
      /"parentSpanId"|"spanId":"[0-9a-f]{16}","name"|"startTimeUnixNano"/g,
    );
    const traces = readFixture(name);
    const spans = traces.flatMap((trace) => trace.spans);
    expect(spans.length).toBe(ids?.filter((one) => one === '"startTimeUnixNano"').length);
    for (const trace of traces) {
      const outline = outlineOf(trace);
      expect(outline.spanIds.toSorted()).toEqual(trace.spans.map(({ spanId }) => spanId).toSorted());
      expect(outline.services).not.toContain('');
      expect(detailOf(trace, outline, 0)?.span.spanId).toBe(outline.spanIds[0]);
      expect(summaryOf(trace, 'x').rootService).not.toBe('');
    }
  });

  test.each(['v3/FindTraces.json', 'v3/GetTrace.json'])('%s', (name) => {
    expect(readFixture(name)).toMatchObject([
      { traceId: `${'0'.repeat(31)}1`, spans: [{ operation: 'foobar', kind: 'server', status: 'error' }] },
    ]);
  });

  test('a trace as the UI holds it in memory, with what it added', () => {
    const [trace] = readFixture('jaeger-ui-flamegraph-trace.json');
    if (trace === undefined) throw new Error('no trace');
    const summary = summaryOf(trace, '');
    expect(summary).toMatchObject({ rootService: 'load-generator', rootOperation: 'OrderVehicle' });
    expect(summary.spanCount).toBe(trace.spans.length);
    expect(outlineOf(trace).durationNs).toBe(1_181_596_000);
  });
});
