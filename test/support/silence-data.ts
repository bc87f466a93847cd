import * as fc from 'fast-check';
import type { Labels } from '#shared/model/labels.ts';
import type { SilenceMatcher } from '#shared/model/silence.ts';

/** Alerts and silences by chance, in which each of Alertmanager's rules of matching decides something. */

const names = ['service', 'instance', 'severity', 'team', 'path'];

const values: Readonly<Record<string, readonly string[]>> = {
  alertname: ['DiskFull', 'DiskFilling', 'HighLatency', 'Down', 'down'],
  service: ['backend', 'frontend', 'back.end', 'Backend'],
  instance: ['web-1:9100', 'web-2:9100', 'web-10:9100', 'db'],
  severity: ['critical', 'warning', 'info'],
  team: ['a', 'b', 'a|b', '.*', 'é', '\u{1F525}'],
  path: ['/', '/a b', 'two\nlines', '"quoted"', 'C:\\temp', ' ', '$', '^'],
};

const patterns = [
  '.*',
  '.+',
  '',
  'web-.*',
  'web-.*|db',
  'a|b',
  'Disk',
  'Disk.*',
  '(?i)disk.*',
  '(?i)DOWN',
  'back.end',
  'back\\.end',
  '[^a]',
  '\\$|\\^',
  '.',
  'two.lines',
  '(?s)two.lines',
  '\\pL+',
  'web-[0-9]{2}:\\d+',
  '^backend$',
  'a)|(b',
  '(critical|warning)?',
  '|info',
];
const wrongPatterns = ['(', '[a', 'a{2,1}', '(?=a)', '\\1', '*', '\\'];

export const firedLabels: fc.Arbitrary<Labels> = fc
  .record({
    alertname: fc.constantFrom(...(values['alertname'] ?? [])),
    others: fc.array(
      fc
        .constantFrom(...names)
        .chain((name) => fc.constantFrom(...(values[name] ?? [])).map((value) => [name, value] as const)),
      { maxLength: 5 },
    ),
  })
  .map(({ alertname, others }) => ({ alertname, ...Object.fromEntries(others) }));

const matcher: fc.Arbitrary<SilenceMatcher> = fc
  .constantFrom('alertname', ...names, 'missing')
  .chain((name) => {
    const equals = fc.record({
      value: fc.constantFrom('', ...(values[name] ?? [])),
      isRegex: fc.constant(false),
    });
    const regexes = fc.record({
      value: fc.oneof(
        { weight: 12, arbitrary: fc.constantFrom(...patterns, ...(values[name] ?? [])) },
        { weight: 1, arbitrary: fc.constantFrom(...wrongPatterns) },
      ),
      isRegex: fc.constant(true),
    });
    const isEqual = fc.oneof({ weight: 3, arbitrary: fc.constant(true) }, fc.constant(false));
    return fc
      .tuple(fc.oneof(equals, regexes), isEqual)
      .map(([asked, equal]) => ({ name, ...asked, isEqual: equal }));
  });

export const silenceMatchers: fc.Arbitrary<SilenceMatcher[]> = fc.array(matcher, {
  minLength: 1,
  maxLength: 4,
});
