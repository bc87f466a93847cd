import { expect, test } from 'vitest';
import { alert, sourceHealth } from '#support/models.ts';
import { ownTellers, tellingWords } from './alert-tellers.ts';

const am = sourceHealth({ name: 'am', kind: 'alertmanager' });
const own = sourceHealth({ name: 'prom', tellsAlerts: true });
const by = (...sources: string[]) => [alert({ sources })];

test('a Prometheus tells alone what no Alertmanager has', () => {
  expect(ownTellers(by('prom', 'local rules'), [own])).toEqual(['prom']);
  expect(ownTellers(by('prom', 'am'), [own, am])).toEqual([]);
  // It told it once, and left it to an Alertmanager since.
  expect(ownTellers(by('prom'), [{ ...own, tellsAlerts: false }, am])).toEqual([]);
  expect(ownTellers(by('local rules'), [own])).toEqual([]);
});

test('each source says who tells the alerts', () => {
  expect(tellingWords(am, [am])).toBe('told by it');
  expect(tellingWords(own, [own])).toMatch(/^its own, .+ silences are not known$/);
  const metrics = { ...own, tellsAlerts: false };
  expect(tellingWords(metrics, [metrics, am])).toBe('left to the Alertmanagers');
  expect(tellingWords(metrics, [metrics])).toBe('it has none to tell');
  expect(tellingWords(sourceHealth({ kind: 'loki' }), [own])).toBeNull();
});
