import { loadavg } from 'node:os';
import { median, tenths } from '../figures.ts';
import type { Filled } from './kept-cache.ts';
import type { PanelRuns, QueryRuns } from './measure.ts';

/** What the runs come to: ratios of medians, ours over Prometheus', held to their bars. */
export interface Measured {
  readonly prometheus: string;
  readonly filled: Filled;
  /** Of Prometheus' blocks with their index. */
  readonly serverBytes: number;
  readonly queries: readonly QueryRuns[];
  readonly panel: PanelRuns;
  readonly residentMb: number;
}

interface Ratios {
  readonly geometricMean: number;
  readonly worst: number;
}

export interface Result {
  readonly prometheus: string;
  /** Of range queries, with decoded samples in memory. */
  readonly warm: Ratios;
  readonly instant: Ratios;
  /** Of all queries, each the first of a process. */
  readonly cold: Ratios;
  readonly panel: number;
  readonly bytesPerSample: number;
  readonly ingestPerSecond: number;
  readonly residentMb: number;
  readonly [more: string]: unknown;
}

const atMost = {
  'warm geometricMean': [0.4, ({ warm }) => warm.geometricMean],
  'warm worst': [1, ({ warm }) => warm.worst],
  'instant geometricMean': [0.3, ({ instant }) => instant.geometricMean],
  'cold geometricMean': [2, ({ cold }) => cold.geometricMean],
  panel: [0.15, ({ panel }) => panel],
  bytesPerSample: [3, ({ bytesPerSample }) => bytesPerSample],
  residentMb: [250, ({ residentMb }) => residentMb],
} as const satisfies Record<string, readonly [bar: number, figure: (result: Result) => number]>;
const leastIngestPerSecond = 2_000_000;

export function resultOf({ prometheus, filled, serverBytes, queries, panel, residentMb }: Measured): Result {
  const ofKind = (kind: 'instant' | 'range'): readonly QueryRuns[] =>
    queries.filter(({ query }) => query.kind === kind);
  return {
    prometheus,
    warm: ratiosOf(ofKind('range'), 'warmMs'),
    instant: ratiosOf(ofKind('instant'), 'warmMs'),
    cold: ratiosOf(queries, 'coldMs'),
    /** The same ratio of our processor time: what it comes to on a machine with nothing else to do. */
    coldProcessor: ratiosOf(queries, 'coldProcessorMs'),
    panel: thousandths(median(panel.ownMs) / median(panel.httpMs)),
    bytesPerSample: Math.round((filled.bytes / filled.samples) * 100) / 100,
    ingestPerSecond: Math.round((filled.samples / filled.ingestMs) * 1_000),
    residentMb: tenths(residentMb),
    data: { ...filled, ingestMs: tenths(filled.ingestMs), prometheusBytes: serverBytes },
    versions: { prometheus, node: process.version },
    /** Of this machine over the last 1, 5 and 15 minutes: others' work shows in every figure. */
    load: loadavg().map(tenths),
    /** Milliseconds. */
    raw: { queries: queries.map(rawOf), panel: { ownMs: all(panel.ownMs), httpMs: all(panel.httpMs) } },
    baseline: { source: 'execTotalTime of the same queries, asked of the server in this run' },
  };
}

/** @returns what was missed, in words. */
export function problemsOf(result: Result): readonly string[] {
  const missed = Object.entries(atMost)
    .filter(([, [bar, figure]]) => !(figure(result) <= bar))
    .map(([name, [bar, figure]]) => `${name} is ${figure(result)}, at most ${bar}`);
  if (result.ingestPerSecond >= leastIngestPerSecond) return missed;
  return [...missed, `ingestPerSecond is ${result.ingestPerSecond}, at least ${leastIngestPerSecond}`];
}

export function tableOf({ prometheus, queries, filled, serverBytes }: Measured): string {
  const head = ['query', 'Prometheus', 'over HTTP', 'warm', 'ratio', 'cold', 'ratio'];
  const rows = queries.map(({ query, ...runs }) => {
    const [server, http, warm, cold] = [runs.serverMs, runs.httpMs, runs.warmMs, runs.coldMs].map(median);
    const figures = [server, http, warm, ratio(warm, server), cold, ratio(cold, server)];
    return [query.name, ...figures.map((figure) => (figure ?? Number.NaN).toFixed(2))];
  });
  const lines = [head, ...rows].map(([name = '', ...cells]) =>
    [name.padEnd(24), ...cells.map((cell) => cell.padStart(12))].join(''),
  );
  const sizes = `${filled.series} series, ${filled.samples} samples; on disk ${filled.bytes} bytes, Prometheus' blocks ${serverBytes}`;
  return [`Prometheus ${prometheus}, Node ${process.version}; medians in milliseconds`, ...lines, sizes].join(
    '\n',
  );
}

type Figures = 'warmMs' | 'coldMs' | 'coldProcessorMs';

function ratiosOf(queries: readonly QueryRuns[], name: Figures): Ratios {
  const ratios = queries.map((runs) => ratio(median(runs[name]), median(runs.serverMs)));
  const logarithms = ratios.reduce((sum, one) => sum + Math.log(one), 0);
  return {
    geometricMean: thousandths(Math.exp(logarithms / ratios.length)),
    worst: thousandths(Math.max(...ratios)),
  };
}

function rawOf({ query, ...runs }: QueryRuns): object {
  const lists = Object.entries(runs).map(([name, list]) => [name, all(list)] as const);
  return { name: query.name, query: query.query, ...Object.fromEntries(lists) };
}

function ratio(own: number | undefined, server: number | undefined): number {
  return (own ?? Number.NaN) / (server ?? Number.NaN);
}

function all(figures: readonly number[]): readonly number[] {
  return figures.map(tenths);
}

function thousandths(figure: number): number {
  return Math.round(figure * 1_000) / 1_000;
}
