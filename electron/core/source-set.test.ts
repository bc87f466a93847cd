import { afterEach, beforeEach, expect, test } from 'vitest';
import type { SourceSettings } from '#core/sources/source-settings.ts';
import { SourceSet } from './source-set.ts';

/** Nothing listens there: the set is about settings, not about answers. */
const settings: SourceSettings = {
  name: 'a',
  kind: 'alertmanager',
  identity: 'http://127.0.0.1:9',
  url: 'http://127.0.0.1:9',
  headers: {},
  tls: { ca: null, certificate: null, key: null, pinnedSha256: null, serverName: null },
  proxy: null,
  pollMs: 60_000,
  timeoutMs: 1_000,
  tellsAlerts: true,
};

let told: string[];
let sources: SourceSet;

beforeEach(() => {
  told = [];
  sources = new SourceSet({
    onHealth: () => undefined,
    onAlerts: () => undefined,
    onLeft: (names) => told.push(`left ${names.join()}`),
    onAltered: (names) => told.push(`altered ${names.join()}`),
    onSlept: () => undefined,
  });
  sources.apply([settings, { ...settings, name: 'b' }]);
});

afterEach(() => sources.stop());

test('settings that did not change leave their watch as it is', () => {
  const watch = sources.find('a')?.watch;
  sources.apply([structuredClone(settings), { ...settings, name: 'b' }]);
  expect(sources.find('a')?.watch).toBe(watch);
  expect(told).toEqual([]);
});

test('another tenant on the same server is another source, although its name and its server are the same', () => {
  sources.apply([
    { ...settings, headers: { 'X-Scope-OrgID': 'other' } },
    { ...settings, name: 'b' },
  ]);
  expect(told).toEqual(['altered a']);
});

test('a source of alerts that is one of metrics now reports no alerts any more', () => {
  sources.apply([
    { ...settings, kind: 'prometheus' },
    { ...settings, name: 'b' },
  ]);
  expect(told).toEqual(['altered a', 'left a']);
});

test('a Prometheus that leaves its alerts to an Alertmanager is asked anew, and its word on them is void', () => {
  const prometheus: SourceSettings = { ...settings, name: 'p', kind: 'prometheus' };
  sources.apply([prometheus]);
  told = [];
  sources.apply([{ ...prometheus, tellsAlerts: false }, settings]);
  expect(told).toEqual(['altered p', 'left p']);
  sources.apply([prometheus]);
  expect(told.slice(2)).toEqual(['altered p,a', 'left a']);
});

test('a renamed source is one that went and one that came', () => {
  sources.apply([settings, { ...settings, name: 'c' }]);
  expect(told).toEqual(['altered b', 'left b']);
  expect(sources.all().map(({ settings: { name } }) => name)).toEqual(['a', 'c']);
});
