import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Cleanup } from '#support/cleanup.ts';
import { temporaryFolder } from '#support/temporary-folder.ts';
import { runCommand } from './main.ts';

let cleanup: Cleanup;
let data: string;
let folder: string;

const samples = `# TYPE up gauge
up{job="a"} 1 10
up{job="a"} 0 20.5
up{job="b"} 1 10
up{job="b"} NaN 20.5
small 1e-7 20
huge 1e21 20
plain 123456.789 15
plain 123456.789 20
# EOF
`;

beforeEach(() => {
  cleanup = new Cleanup();
  folder = temporaryFolder(cleanup);
  data = join(folder, 'samples.om');
  writeFileSync(data, samples);
});

afterEach(() => cleanup.run());

interface Printed {
  readonly code: number;
  readonly output: string[];
  readonly error: string;
}

function run(...argv: string[]): Printed {
  const output: string[] = [];
  let error = '';
  const code = runCommand(['promql', ...argv], {
    output: (text) => void output.push(text),
    error: (text) => void (error += text),
    nowMs: 0,
  });
  return { code, output, error };
}

function answerOf(...argv: string[]): string {
  const { code, output, error } = run('--data', data, ...argv);
  expect({ code, error, lines: output.length }).toEqual({ code: 0, error: '', lines: 1 });
  return output[0] ?? '';
}

describe('one query', () => {
  test('answers at the newest sample’s time unless one is given', () => {
    expect(answerOf('up{job="a"}')).toBe(
      '{"status":"success","data":{"resultType":"vector","result":[{"metric":{"__name__":"up","job":"a"},"value":[20.500,"0"]}]}}',
    );
    expect(answerOf('up{job="a"}', '--time', '1970-01-01T00:00:11Z')).toContain('"value":[11,"1"]');
    expect(answerOf('up{job="a"}', '--time', '1e3')).toContain('"result":[]');
  });

  test('a range, strings and scalars have the shapes of the API', () => {
    expect(answerOf('up{job="b"}', '--start', '10', '--end', '20.6', '--step', '5300ms')).toBe(
      '{"status":"success","data":{"resultType":"matrix","result":[{"metric":{"__name__":"up","job":"b"},"values":[[10,"1"],[15.300,"1"],[20.600,"NaN"]]}]}}',
    );
    expect(answerOf('"a\\"b"', '--time', '1')).toContain('{"resultType":"string","result":[1,"a\\"b"]}');
    expect(answerOf('1 / 0', '--time', '1')).toContain('{"resultType":"scalar","result":[1,"+Inf"]}');
    expect(answerOf('up{job="a"}[1m]', '--time', '21')).toContain('"values":[[10,"1"],[20.500,"0"]]');
  });

  test('numbers are written as Go writes them', () => {
    const valueOf = (query: string): unknown =>
      JSON.parse(answerOf('--time', '21', '--', query)).data.result[0].value[1];
    expect(valueOf('small')).toBe('1e-07');
    expect(valueOf('huge')).toBe('1e+21');
    expect(valueOf('plain')).toBe('123456.789');
    expect(valueOf('-vector(0)')).toBe('-0');
    expect(valueOf('vector(-Inf)')).toBe('-Inf');
  });

  test('what the API would warn of is said, with its place', () => {
    expect(JSON.parse(answerOf('rate(plain[1m])'))).toMatchObject({
      status: 'success',
      infos: [
        'PromQL info: metric might not be a counter, name does not end in _total/_sum/_count/_bucket: "plain" (1:6)',
      ],
    });
  });

  test('the older generation makes no remarks', () => {
    expect(answerOf('rate(plain[1m])', '--semantics', 'v2')).not.toContain('infos');
  });

  test('the generation decides whether a range has its left end', () => {
    const counted = (semantics: string): unknown =>
      JSON.parse(answerOf('count_over_time(up{job="a"}[10500ms])', '--semantics', semantics)).data.result[0]
        .value[1];
    expect([counted('v2'), counted('v3')]).toEqual(['2', '1']);
  });

  test('a query that fails is answered as the API does, with exit code 1', () => {
    const printed = run('--data', data, 'up +');
    expect(printed).toMatchObject({ code: 1, error: '' });
    expect(JSON.parse(printed.output[0] ?? '')).toMatchObject({
      status: 'error',
      errorType: 'bad_data',
      error: 'invalid parameter "query": 1:5: parse error: unexpected end of input',
    });
    expect(run('--data', data, 'up', '--start', '1', '--end', '2', '--step', '0').output[0]).toContain(
      'invalid parameter \\"step\\": zero or negative',
    );
  });
});

test('a batch has an answer a line, the wrong ones too', () => {
  const batch = join(folder, 'batch.jsonl');
  const lines = [
    { query: 'up{job="a"}', time: 12 },
    { query: 'plain', start: 20, end: 30, step: 10 },
    { query: 'plain', start: 20, end: 40_000, step: 1 },
    { query: 'plain', start: 30, end: 20, step: 1 },
    { query: 'plain', start: 30, step: 1 },
    { quer: 'plain' },
  ];
  writeFileSync(batch, `${lines.map((line) => JSON.stringify(line)).join('\n')}\n\nnot json`);
  const { code, output, error } = run('--data', data, '--batch', batch);
  expect({ code, error }).toEqual({ code: 0, error: '' });
  const answers = output.map((line) => JSON.parse(line));
  expect(answers[0].data.result[0].value).toEqual([12, '1']);
  expect(answers[1].data.result[0].values).toEqual([
    [20, '123456.789'],
    [30, '123456.789'],
  ]);
  expect(answers.slice(2).map(({ errorType }) => errorType)).toEqual(
    Array.from({ length: 5 }, () => 'bad_data'),
  );
  expect(answers[2].error).toMatch(/^exceeded maximum resolution of 11,000 points/);
  expect(answers[3].error).toBe('invalid parameter "end": end timestamp must not be before start time');
});

test('a batch from standard input is answered line by line, before the input ends', async () => {
  const runner = new URL('../../scripts/run.mjs', import.meta.url).pathname;
  const child = spawn(process.execPath, [runner, 'opssight', 'promql', '--data', data, '--batch', '-']);
  cleanup.add(() => void child.kill());
  child.stdin.write('{"query":"plain","time":20}\n{"query":"si');
  const [first] = await once(child.stdout, 'data');
  expect(String(first)).toContain('[20,"123456.789"]');
  child.stdin.end('n(","time":20}');
  const [second] = await once(child.stdout, 'data');
  expect(JSON.parse(String(second))).toMatchObject({ errorType: 'bad_data' });
  const [code] = await once(child, 'exit');
  expect(code).toBe(0);
});

test('a batch goes at thousands of lines a minute', () => {
  const batch = join(folder, 'batch.jsonl');
  writeFileSync(batch, '{"query":"sum by (job) (up)","start":10,"end":30,"step":1}\n'.repeat(1_000));
  const startMs = performance.now();
  expect(run('--data', data, '--batch', batch).output).toHaveLength(1_000);
  expect(performance.now() - startMs).toBeLessThan(5_000);
});

test('a file in the older format counts milliseconds', () => {
  writeFileSync(data, 'up 1 1500\n');
  expect(answerOf('up')).toContain('"value":[1.500,"1"]');
  expect(answerOf('up', '--format', 'prometheus')).toContain('"value":[1.500,"1"]');
  expect(run('--data', data, 'up', '--format', 'openmetrics')).toMatchObject({ code: 1 });
});

test.each([
  [['up'], '--data FILE is missing'],
  [['--data', 'x'], 'Either a QUERY or --batch FILE'],
  [['--data', 'x', 'up', '--batch', 'y'], 'Either a QUERY or --batch FILE'],
  [['--data', 'x', 'up', 'down'], '"down" is not expected here'],
  [['--data', 'x', 'up', '--start', '1'], 'A range needs --start, --end and --step'],
  [['--data', 'x', '--batch', 'y', '--time', '1'], '--time belongs to each line'],
  [['--data', 'x', 'up', '--semantics', 'v4'], '--semantics needs v2 or v3'],
  [['--data', 'x', 'up', '--format', 'json'], '--format needs openmetrics or prometheus'],
])('%j: exit code 2 and what is wrong', (argv, said) => {
  expect(run(...argv)).toMatchObject({ code: 2, output: [], error: expect.stringContaining(said) });
});

test('a file that cannot be read is told with the line', () => {
  writeFileSync(data, 'up 1 1\nup one 2\n# EOF\n');
  expect(run('--data', data, 'up')).toMatchObject({ code: 1, error: 'Line 2: "one" is no value.' });
  expect(run('--data', join(folder, 'none'), 'up')).toMatchObject({ code: 1 });
});
