import fc from 'fast-check';
import { stringify } from 'yaml';
import { expect, test } from 'vitest';
import { globalSettingsIn } from './global-settings.ts';

const scrape = 'scrape_configs:\n- job_name: node\n  external_labels: {no: these}\n';

test('reads what a configuration means, whatever is around it', () => {
  const name = fc.stringMatching(/^[a-z_]{1,8}$/);
  fc.assert(
    fc.property(fc.dictionary(name, fc.string({ maxLength: 20 }), { noNullPrototype: true }), (labels) => {
      const global = { scrape_interval: '15s', external_labels: labels, evaluation_interval: '1m' };
      const text = `${stringify({ global }, { defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'PLAIN' })}${scrape}`;
      expect(globalSettingsIn(text)).toEqual({
        ok: true,
        value: { externalLabels: labels, evaluationIntervalMs: 60_000 },
      });
    }),
  );
});

test.for([
  ['', {}],
  ['global:\n  scrape_interval: 15s\nrule_files: []\n', {}],
  ['global: {external_labels: {a: b}}\n', { a: 'b' }],
  [
    'global:\n  external_labels:\n    number: 1\n    text: |\n      two\n\n      lines\n' + scrape,
    { number: '1', text: 'two\n\nlines\n' },
  ],
  [`# global\n${scrape}global:\n  external_labels:\n    a: b\n`, { a: 'b' }],
] as const)('%j has %j', ([text, labels]) => {
  expect(globalSettingsIn(text)).toMatchObject({ ok: true, value: { externalLabels: labels } });
});

test.for([
  ['global:\n  external_labels:\n    a: [b]\n', 'not a text'],
  ['global:\n  external_labels: [\n', 'of "global"'],
  [`global:\n  x: ${'y'.repeat(200_000)}\n`, 'too long'],
  [`global:\n  external_labels:\n    a: ${'y'.repeat(5_000)}\n`, 'too long'],
  [
    `global:\n  external_labels: {${Array.from({ length: 101 }, (_, index) => `a${index}: b`).join(', ')}}\n`,
    'more than 100',
  ],
] as const)('%.60s is refused: %s', ([text, why]) => {
  expect(globalSettingsIn(text)).toMatchObject({ ok: false, failure: expect.stringContaining(why) });
});

test.for([
  ['', 60_000],
  ['global:\n  scrape_interval: 15s\n', 60_000],
  ['global:\n  evaluation_interval: 1m30s\n', 90_000],
  ['global: {evaluation_interval: whenever}\n', 60_000],
] as const)('%j evaluates every %i ms', ([text, evaluationIntervalMs]) => {
  expect(globalSettingsIn(text)).toMatchObject({ ok: true, value: { evaluationIntervalMs } });
});
