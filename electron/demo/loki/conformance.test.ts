import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { hourMs } from '#shared/time.ts';
import type { HttpResponse } from '../http-server.ts';
import { createSimulation } from '../simulation/simulation.ts';
import { createLokiApi } from './api.ts';
import { createLogStore } from './log-store.ts';

/** Requests that a real Loki 3.4.6 was asked, asked of the demo's: the same status, type and shape. */
const folder = new URL('../../../../shared/fixtures/loki/', import.meta.url);
const nowMs = Date.UTC(2026, 10, 21, 12);
const recordedEndNs = 1795246273000000000n;

interface Recording {
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly params: Readonly<Record<string, string | number | readonly string[]>> | null;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string | null;
  };
  readonly response: { readonly status: number; readonly contentType: string | null; readonly body: string };
}

/** Why a recording is not asked. */
const takesNoLines = 'the demo takes no lines';
const skipped: Readonly<Record<string, string>> = {
  'push_ok.json': takesNoLines,
  'push_empty_labels.json': takesNoLines,
  'push_future.json': takesNoLines,
  'push_long_line.json': takesNoLines,
  'push_nested_sm.json': takesNoLines,
  'push_ts_number.json': takesNoLines,
};

/** The recorded data was of other streams: those of the demo that have lines of the same kind. */
const substitutes: readonly (readonly [string, string])[] = [
  ['app="web"', 'service="postgres"'],
  ['app="api"', 'service="backend"'],
  ['app="raw"', 'service="redis"'],
  ['app=~', 'service=~'],
  ['env="prod"', 'cluster="demo"'],
  ['env="dev"', 'service="redis"'],
  ['unwrap msg', 'unwrap user'],
  ['by (app)', 'by (service)'],
];
const otherPaths: Readonly<Record<string, string>> = {
  '/loki/api/v1/detected_field/method/values': '/loki/api/v1/detected_field/user/values',
  '/loki/api/v1/label/app/values': '/loki/api/v1/label/service/values',
};

function api(): ReturnType<typeof createLokiApi> {
  const simulation = createSimulation({ seed: 1, speed: 1, epochAtMs: 0 });
  const store = createLogStore(1, simulation, 3 * hourMs, () => nowMs);
  return createLokiApi({ store, nowMs: () => nowMs });
}

function ask({ request, response }: Recording): HttpResponse {
  // A syntax error says a column: its query stays as it is.
  const isSyntax = response.body.includes('parse error') || request.path.endsWith('format_query');
  const ours = (text: string): string => {
    if (/^\d{19}$/.test(text)) return String(BigInt(text) - recordedEndNs + BigInt(nowMs) * 1_000_000n);
    if (/^\d{10}$/.test(text))
      return String(Number(text) - Number(recordedEndNs / 1_000_000_000n) + nowMs / 1_000);
    return isSyntax ? text : substitutes.reduce((all, [from, to]) => all.replaceAll(from, to), text);
  };
  const pairs = Object.entries(request.params ?? {}).flatMap(([name, value]) =>
    [value].flat().map((one) => [name, ours(String(one))]),
  );
  const form = new URLSearchParams(
    [...new URLSearchParams(request.body ?? '')].map(([name, value]) => [name, ours(value)]),
  );
  const contentType = request.headers['Content-Type'] ?? '';
  return api()({
    method: request.method,
    path: otherPaths[request.path] ?? request.path,
    query: new URLSearchParams(pairs),
    contentType,
    body: contentType === 'application/x-www-form-urlencoded' ? form.toString() : (request.body ?? ''),
    headers: Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]),
    ),
  });
}

/** Objects whose keys are data. */
const maps = new Set(['stream', 'metric', 'parsed', 'structuredMetadata']);

/** The keys and types of a body, of a list its first element's. */
function shape(value: unknown, name = ''): unknown {
  if (Array.isArray(value)) {
    if (name === 'parsers') return 'parsers';
    const tuple = value.length > 0 && !Array.isArray(value[0]) && typeof value[0] !== 'object';
    if (name === 'data' && isLabels(value[0])) return ['labels'];
    return tuple && typeof value[0] !== 'string' ? value.map((one) => typeof one) : [shape(value[0])];
  }
  if (value === null && name === 'parsers') return 'parsers';
  if (typeof value !== 'object' || value === null) return typeof value;
  if (maps.has(name)) return 'labels';
  const pairs = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(pairs.map(([key, one]) => [key, shape(one, key)]));
}

/** A series. */
function isLabels(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'service_name' in value;
}

function comparable({
  body,
  contentType,
}: {
  readonly body: string;
  readonly contentType: string | null;
}): unknown {
  if (contentType?.startsWith('application/json') === true) {
    return { shape: shape(JSON.parse(body)), ends: body.endsWith('\n') };
  }
  // Which series it is, is data.
  return body.replace(/for series: '\{.*\}'/s, 'for series');
}

const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];

describe.skipIf(names.length === 0)('recorded answers of Loki 3.4.6 (needs ../shared/fixtures/loki)', () => {
  test.each(names.filter((name) => skipped[name] === undefined))('%s', (name) => {
    const recording = JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Recording;
    const { response } = recording;
    const answer = ask(recording);
    expect({ ...answer, body: '' }).toEqual({
      status: response.status,
      contentType: response.contentType,
      body: '',
    });
    expect(comparable(answer)).toEqual(comparable(response));
  });

  test.for(Object.entries(skipped))('%s', ([, reason], context) => context.skip(reason));
});
