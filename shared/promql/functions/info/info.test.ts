import { describe, expect, test } from 'vitest';
import { instant, loaded, range } from '#support/promql-data.ts';
import { defaultOptions } from '../../evaluate/options.ts';
import { neededSamples } from '../../needed-samples.ts';
import { parseExpression } from '../../syntax/parse.ts';

const minute = 60_000;
const ends = [0, 2 * minute, minute] as const;

const source = loaded(
  minute,
  'metric{instance="a",job="1",own="x"} 0 1 2',
  'other{instance="b",job="1"} 5 5 5',
  'lonely 7 7 7',
  'target_info{instance="a",job="1",own="y",version="old"} 1 1 stale',
  'target_info{instance="a",job="1",version="new"} _ _ 1',
  'build_info{instance="a",job="1",commit="c"} 1 1 1',
);

describe('info', () => {
  test('adds the labels of the moment, except those that the series has itself', () => {
    expect(range(source, 'info(metric)', ends)).toEqual({
      'metric{instance="a",job="1",own="x",version="old"}': { 0: 0, [minute]: 1 },
      'metric{instance="a",job="1",own="x",version="new"}': { [2 * minute]: 2 },
    });
  });

  test('only those that are asked for, of the metrics that are asked for', () => {
    const commit = { 'metric{commit="c",instance="a",job="1",own="x"}': 1 };
    expect(instant(source, 'info(metric, {__name__="build_info"})', minute)).toEqual(commit);
    expect(instant(source, 'info(metric, {__name__=~".+_info", commit=~".+"})', minute)).toEqual(commit);
    expect(instant(source, 'info(metric, {__name__!="target_info"})', minute)).toEqual(commit);
  });

  test('a series that nothing describes stays unless a label is required', () => {
    const undescribed = { 'other{instance="b",job="1"}': 5 };
    expect(instant(source, 'info(other)', 0)).toEqual(undescribed);
    expect(instant(source, 'info(other, {version=~".*"})', 0)).toEqual(undescribed);
    expect(instant(source, 'info(other, {version=~".+"})', 0)).toEqual({});
    expect(instant(source, 'info(lonely)', 0)).toEqual({ 'lonely{}': 7 });
  });

  test('info metrics are left as they are', () => {
    const answer = instant(source, 'info(build_info, {__name__=~".+_info"})', 0);
    expect(answer).toEqual({ 'build_info{commit="c",instance="a",job="1"}': 1 });
  });

  test('looks at the moment of the series', () => {
    const old = { 'metric{instance="a",job="1",own="x",version="old"}': 1 };
    expect(instant(source, 'info(metric offset 1m)', 2 * minute)).toEqual(old);
    expect(instant(source, 'info(metric @ 60)', 2 * minute)).toEqual(old);
    expect(instant(source, 'info(last_over_time((metric offset 1m)[1m:1m] @ 120))', 9 * minute)).toEqual(old);
    expect(instant(source, 'info(sum by (instance, job, own) (metric offset 1m))', 2 * minute)).toEqual({
      '{instance="a",job="1",own="x",version="old"}': 1,
    });
  });

  test('two descriptions at one time are an error', () => {
    const twice = loaded(
      minute,
      'metric{instance="a"} 1',
      'target_info{instance="a",version="1"} 1',
      'target_info{instance="a",version="2"} 1',
      'build_info{instance="a",version="3"} 1',
    );
    expect(instant(twice, 'info(metric)', 0)).toMatch(/^found duplicate series for info metric: existing /);
    const both = 'info(metric, {__name__=~"(target|build)_info", version!="2"})';
    expect(instant(twice, both, 0)).toBe('conflicting label: version');
  });

  test('names of instances are no patterns', () => {
    const dotted = loaded(minute, 'm{instance="a.b:1"} 1', 'target_info{instance="axb:1",v="1"} 1');
    expect(instant(dotted, 'info(m)', 0)).toEqual({ 'm{instance="a.b:1"}': 1 });
  });

  test('what describes is among the samples that an answer needs', () => {
    const parsed = parseExpression('info(metric offset 1m, {version=~".+"})', { experimental: true });
    if (!parsed.ok) throw new Error(parsed.failure.message);
    const bounds = { startMs: 0, endMs: 0, stepMs: 0 };
    const needs = neededSamples(parsed.value, bounds, defaultOptions);
    expect(needs.map(({ matchers, toMs }) => [matchers.map(({ value }) => value), toMs])).toEqual([
      [['metric'], -minute],
      [['target_info', '.+'], -minute],
    ]);
  });
});
