import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { remoteWrite, type WrittenSeries } from '#support/remote-write.ts';
import { startSampleServer } from '#support/sample-server.ts';
import { runCommand } from '../../electron/cli/main.ts';
import { generationNames, placeFor } from './generations.ts';
import { generations } from '../../scripts/provide/servers.ts';

/**
 * `opssight promql` beside a real Prometheus with the same samples: the JSON of the whole answer is the
 * same, digit by digit, errors and remarks included.
 */
const startMs = 1_700_000_000_000;
const odd = [
  0,
  -0,
  1e-7,
  1e-6,
  1e21,
  9.99e20,
  123_456.789,
  0.1,
  Number.NaN,
  Infinity,
  -Infinity,
  5e-324,
  2 ** 53,
];

const series: readonly WrittenSeries[] = [
  ...odd.map((value, index) =>
    seriesOf({ __name__: 'odd', i: String(index), text: '"\\\n ü😀<&>' }, () => value),
  ),
  ...[0, 1, 2].map((instance) =>
    seriesOf(
      { __name__: 'requests_total', instance: `i${instance}`, job: 'j' },
      (index) => (index % 30) * (instance + 1),
    ),
  ),
];

function seriesOf(labels: Record<string, string>, valueAt: (index: number) => number): WrittenSeries {
  const timesMs = Float64Array.from({ length: 60 }, (_, index) => startMs + index * 15_000 + 250);
  return { labels, timesMs, values: timesMs.map((_, index) => valueAt(index)) };
}

const at = startMs / 1_000 + 600.5;
const range = { start: startMs / 1_000, end: at, step: 60 };
const queries = [
  'odd',
  'odd > 0',
  'requests_total[1m]',
  'rate(requests_total[5m])',
  'sum by (job) (increase(requests_total[2m]))',
  'sum(odd)',
  'time()',
  '"a\\"\\n<é>"',
  '1 / 0',
  'absent(nothing{a="b"})',
  'topk(2, requests_total)',
  'vector(1) unless vector(1)',
  'label_replace(requests_total, "short", "$1", "instance", "i(.*)")',
  'sum(',
  'requests_total{job=~"("} + 1',
  'sum by (job) (1)',
  'requests_total + on (job) requests_total',
  'rate(requests_total)',
];
/** Remarks are of the newer generation alone. */
const remarkedQueries = ['rate(odd[5m])', 'quantile(2, requests_total)'];

test.for(generations.map((generation) => ({ generation, name: generationNames[generation] })))(
  'the command line answers as $name does',
  { timeout: 120_000 },
  async ({ generation }, context) => {
    const place = await placeFor(generation, context);
    const server = await startSampleServer(place);
    await remoteWrite(server.url, series);
    const isNew = generation === 'new';
    const requests = [...queries, ...(isNew ? remarkedQueries : [])].flatMap((query) => [
      { query, time: at },
      { query, ...range },
    ]);
    const wrong = [
      { query: 'odd', start: 5, end: 1, step: 1 },
      { query: 'odd', start: 1, end: 5, step: 0 },
      { query: 'odd', start: 1, end: 50_000, step: 1 },
    ];
    const all = [...requests, ...wrong];
    const answers = answersOf(place.folder, all, isNew ? 'v3' : 'v2');
    expect(answers).toHaveLength(all.length);
    for (const [index, request] of all.entries())
      expect(comparable(answers[index]), JSON.stringify(request)).toEqual(
        comparable(await ask(server.url, request)),
      );
  },
);

function answersOf(folder: string, requests: readonly object[], semantics: string): unknown[] {
  const [data, batch] = [join(folder, 'samples.om'), join(folder, 'batch.jsonl')];
  writeFileSync(data, series.map(linesOf).join('') + '# EOF\n');
  writeFileSync(batch, requests.map((request) => `${JSON.stringify(request)}\n`).join(''));
  const answers: unknown[] = [];
  const terminal = {
    output: (text: string) => void answers.push(JSON.parse(text)),
    error: console.error,
    nowMs: 0,
  };
  runCommand(['promql', '--data', data, '--batch', batch, '--semantics', semantics], terminal);
  return answers;
}

function linesOf({ labels, timesMs, values }: WrittenSeries): string {
  const { __name__: name = '', ...own } = labels;
  const text = Object.entries(own).map(([label, value]) => `${label}="${escaped(value)}"`);
  const written = Array.from(values, (value, index) => {
    const number = Object.is(value, -0) ? '-0' : String(value).replace('Infinity', 'Inf');
    return `${name}{${text.join(',')}} ${number} ${(timesMs[index] ?? 0) / 1_000}\n`;
  });
  return written.join('');
}

function escaped(value: string): string {
  return value.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n');
}

async function ask(url: string, request: object): Promise<unknown> {
  const path = 'time' in request ? 'query' : 'query_range';
  const parameters = new URLSearchParams(
    Object.entries(request).map(([name, value]): [string, string] => [name, String(value)]),
  );
  return await (await fetch(`${url}/api/v1/${path}?${parameters}`)).json();
}

/** Prometheus has no order of series where a query makes none, and words two errors otherwise in 2.42. */
function comparable(answer: unknown): unknown {
  const { data, error, ...rest } = answer as {
    data?: { resultType: string; result: unknown[] };
    error?: string;
  };
  const words = error
    ?.replace('invalid parameter "query": ', '')
    .replace(/`\^\(\?:\((.*)\)\$`$/, '`($1`')
    .replace(/\[\{.*\}, \{.*\}\]/, '[two series]');
  const isOfSeries = data?.resultType === 'vector' || data?.resultType === 'matrix';
  const result = isOfSeries ? data.result.map((one) => JSON.stringify(one, sortedKeys)).sort() : data?.result;
  return { ...rest, error: words, resultType: data?.resultType, result };
}

function sortedKeys(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)));
}
