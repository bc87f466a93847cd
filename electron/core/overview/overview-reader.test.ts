import { expect, it } from 'vitest';
import { failed, success } from '#shared/result.ts';
import { OverviewReader, type CatalogueSource, type Keepsake } from './overview-reader.ts';

const never = new AbortController().signal;

function memory(): Keepsake {
  const texts = new Map<string, string>();
  return {
    putText: async (name, text) => void texts.set(name, text),
    text: async (name) => texts.get(name) ?? null,
  };
}

/** A source with these metrics, each of these services. */
function catalogue(
  metrics: Readonly<Record<string, readonly string[]>>,
  state: { fresh: boolean; fails: boolean } = { fresh: true, fails: false },
  name = 'prom',
): CatalogueSource {
  return {
    name,
    isFresh: () => state.fresh,
    labelValues: async (label, selectors) => {
      if (state.fails)
        return failed({ code: 'timeout', message: 'late', nextStep: '', retryAfterMs: null, status: null });
      if (label === '__name__') return success(Object.keys(metrics));
      return success(label === 'service' ? (metrics[selectors[0] ?? ''] ?? []) : []);
    },
  };
}

const metrics = {
  http_requests_total: ['web'],
  http_request_duration_seconds_bucket: ['web'],
  process_resident_memory_bytes: ['web', 'worker'],
};

it('finds the golden signals that each service can have, in their order', async () => {
  const reader = new OverviewReader({
    sources: () => [catalogue(metrics)],
    keepsake: memory(),
    nowMs: () => 0,
  });
  const { panels, note } = await reader.read(never);
  expect(note).toBe('');
  expect(panels.map(({ service, signal }) => `${service} ${signal}`)).toEqual([
    'web latency',
    'web traffic',
    'web errors',
    'web saturation',
    'worker saturation',
  ]);
  expect(panels[0]?.expressions.map(({ name }) => name)).toEqual(['p50', 'p95', 'p99']);
  expect(panels[1]?.expressions[0]?.expression).toBe('sum(rate(http_requests_total{service="web"}[2m]))');
});

it('keeps the panels for when no source answers, also over a restart, and says why', async () => {
  const keepsake = memory();
  const state = { fresh: true, fails: false };
  const options = { sources: () => [catalogue(metrics, state)], keepsake, nowMs: () => 0 };
  const before = await new OverviewReader(options).read(never);
  state.fresh = false;
  const after = await new OverviewReader(options).read(never);
  expect(after.panels).toEqual(before.panels);
  expect(after.note).toBe('No source of metrics answers.');
});

it('says what the source said where it fails, and shows what was found before', async () => {
  const state = { fresh: true, fails: false };
  let nowMs = 0;
  const reader = new OverviewReader({
    sources: () => [catalogue(metrics, state)],
    keepsake: memory(),
    nowMs: () => nowMs,
  });
  await reader.read(never);
  state.fails = true;
  nowMs = 3_600_000;
  const { panels, note } = await reader.read(never);
  expect(note).toBe('prom: late');
  expect(panels).toHaveLength(5);
});

it('escapes what a service is called', async () => {
  const hostile = { http_requests_total: ['a"} or up{x="'] };
  const reader = new OverviewReader({
    sources: () => [catalogue(hostile)],
    keepsake: memory(),
    nowMs: () => 0,
  });
  const { panels } = await reader.read(never);
  expect(panels[0]?.expressions[0]?.expression).toBe(
    'sum(rate(http_requests_total{service="a\\"} or up{x=\\""}[2m]))',
  );
});

it('keeps the services of a source that is out of sight while another answers, and says so', async () => {
  const keepsake = memory();
  const state = { fresh: true, fails: false };
  const other = catalogue({ http_requests_total: ['shop'] }, state, 'prom-b');
  const options = { sources: () => [catalogue(metrics), other], keepsake, nowMs: () => 0 };
  const first = new OverviewReader(options);
  const before = await first.read(never);
  expect(before.panels.map(({ service }) => service)).toContain('shop');
  state.fresh = false;
  const note = 'prom-b out of sight: the services found there last.';
  for (const reader of [first, first, new OverviewReader(options), new OverviewReader(options)]) {
    const after = await reader.read(never);
    expect(after.panels).toHaveLength(before.panels.length);
    expect(after).toMatchObject({ note, panels: expect.arrayContaining([...before.panels]) });
  }
});

it('says how many services it leaves out', async () => {
  const services = Array.from({ length: 30 }, (_, index) => `service-${index}`);
  const sources = () => [catalogue({ http_requests_total: services })];
  const reader = new OverviewReader({ sources, keepsake: memory(), nowMs: () => 0 });
  for (let turn = 0; turn < 2; turn++) {
    const { panels, note } = await reader.read(never);
    expect(new Set(panels.map(({ service }) => service)).size).toBe(24);
    expect(note).toBe('6 more services of prom are not shown.');
  }
});
