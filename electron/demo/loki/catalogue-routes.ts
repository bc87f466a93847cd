import { labelOf, type Labels } from '#shared/model/labels.ts';
import type { HttpRequest, HttpResponse } from '../http-server.ts';
import { bareJson, lokiJson, lokiList, statistics } from './answers.ts';
import { logStreams } from './log-entry.ts';
import type { LogRange, LogStore } from './log-store.ts';
import { parseMatchers } from './logql/parse.ts';
import { chosenStreams } from './logql/select.ts';
import type { Matcher } from './logql/syntax.ts';
import { checkRange, parametersOf, rangeOf, stepParameter } from './parameters.ts';

/** What streams there are: labels, values, series, and how much each has. */
interface Asked {
  readonly parameters: URLSearchParams;
  readonly range: LogRange;
}

function asked(request: HttpRequest, nowMs: number): Asked {
  const parameters = parametersOf(request);
  const range = rangeOf(parameters, nowMs);
  checkRange(range);
  return { parameters, range };
}

function matchersIn(query: string): readonly Matcher[] {
  if (query === '' || query === '{}') return [];
  const matchers = parseMatchers(query);
  if (!matchers.ok) throw matchers.failure;
  return matchers.value;
}

/** The streams that have lines in the range; every stream writes at least once a minute while it is up. */
function present(store: LogStore, { range }: Asked, matchers: readonly Matcher[]): readonly Labels[] {
  const chosen = chosenStreams(matchers);
  const waiting = new Set([...logStreams.keys()].filter((index) => chosen[index] === true));
  const found = new Set<number>();
  for (const { stream } of store.entries(range, 'backward')) {
    if (waiting.delete(stream)) found.add(stream);
    if (waiting.size === 0) break;
  }
  return logStreams.filter((_, index) => found.has(index));
}

export function answerLabels(store: LogStore, request: HttpRequest, nowMs: number): HttpResponse {
  const all = asked(request, nowMs);
  const streams = present(store, all, matchersIn(all.parameters.get('query') ?? ''));
  return lokiList([...new Set(streams.flatMap((labels) => Object.keys(labels)))].sort());
}

export function answerLabelValues(
  store: LogStore,
  name: string,
  request: HttpRequest,
  nowMs: number,
): HttpResponse {
  const all = asked(request, nowMs);
  const streams = present(store, all, matchersIn(all.parameters.get('query') ?? ''));
  return lokiList([...new Set(streams.map((labels) => labelOf(labels, name)))].filter(Boolean).sort());
}

export function answerSeries(store: LogStore, request: HttpRequest, nowMs: number): HttpResponse {
  const all = asked(request, nowMs);
  const selectors = [...all.parameters.getAll('match[]'), ...all.parameters.getAll('match')];
  const lists = (selectors.length === 0 ? [''] : selectors).map((one) =>
    present(store, all, matchersIn(one)),
  );
  return lokiJson({ status: 'success', data: [...new Set(lists.flat())] });
}

export function answerDetectedLabels(store: LogStore, request: HttpRequest, nowMs: number): HttpResponse {
  const all = asked(request, nowMs);
  const streams = present(store, all, matchersIn(all.parameters.get('query') ?? ''));
  const names = [...new Set(streams.flatMap((labels) => Object.keys(labels)))];
  const detectedLabels = names.map((label) => ({
    label,
    cardinality: new Set(streams.map((labels) => labelOf(labels, label)).filter(Boolean)).size,
  }));
  return lokiJson({ detectedLabels });
}

export function answerStats(store: LogStore, request: HttpRequest, nowMs: number): HttpResponse {
  const all = asked(request, nowMs);
  const chosen = chosenStreams(matchersIn(all.parameters.get('query') ?? ''));
  const streams = new Set<number>();
  let [bytes, entries] = [0, 0];
  for (const { stream, line } of store.entries(all.range, 'forward')) {
    if (chosen[stream] !== true) continue;
    streams.add(stream);
    bytes += line.length;
    entries++;
  }
  return lokiJson({ streams: streams.size, chunks: streams.size, bytes, entries });
}

/** @param ranged whether one number for each step is wanted. */
export function answerVolume(
  store: LogStore,
  request: HttpRequest,
  nowMs: number,
  ranged: boolean,
): HttpResponse {
  const all = asked(request, nowMs);
  const { parameters, range } = all;
  const matchers = matchersIn(parameters.get('query') ?? '');
  const endMs = Number(range.toNs / 1_000n) / 1_000;
  const stepMs = ranged ? stepParameter(parameters, range) : Infinity;
  const keys = logStreams.map(volumeKeys(parameters, matchers));
  const chosen = chosenStreams(matchers);
  const volumes = new Map<string, Map<number, number>>();
  for (const { stream, line, atMs } of store.entries(range, 'forward')) {
    if (chosen[stream] !== true) continue;
    // A step's bytes are told at its last millisecond, those of the last at the end.
    const step = ranged ? Math.min(endMs, (Math.floor(atMs / stepMs) + 1) * stepMs - 1) : endMs;
    for (const key of keys[stream] ?? []) {
      const steps = volumes.get(key) ?? new Map<number, number>();
      steps.set(step, (steps.get(step) ?? 0) + line.length);
      volumes.set(key, steps);
    }
  }
  const limit = Number(parameters.get('limit') ?? '') || 100;
  const sumOf = (steps: ReadonlyMap<number, number>): number =>
    [...steps.values()].reduce((sum, one) => sum + one, 0);
  const listed = [...volumes].sort(([, left], [, right]) => sumOf(right) - sumOf(left)).slice(0, limit);
  const result = listed.map(([key, steps]) => {
    const metric = JSON.parse(key) as Labels;
    const values = [...steps].map(([atMs, bytes]) => [atMs / 1_000, String(bytes)]);
    return ranged ? { metric, values } : { metric, value: values[0] };
  });
  const stats = statistics(result.length, 0);
  return bareJson({ status: 'success', data: { resultType: ranged ? 'matrix' : 'vector', result, stats } });
}

/** Under which label sets the bytes of a stream count. */
function volumeKeys(
  parameters: URLSearchParams,
  matchers: readonly Matcher[],
): (labels: Labels) => readonly string[] {
  const given = (parameters.get('targetLabels') ?? '').split(',').filter(Boolean);
  if (parameters.get('aggregateBy') === 'labels') {
    return (labels) =>
      Object.keys(labels)
        .filter((name) => given.length === 0 || given.includes(name))
        .map((name) => JSON.stringify({ [name]: '' }));
  }
  const names = given.length > 0 ? given : matchers.map(({ name }) => name);
  return (labels) => {
    const pairs = Object.entries(labels).filter(([name]) => names.length === 0 || names.includes(name));
    return [JSON.stringify(Object.fromEntries(pairs))];
  };
}
