import { describe, expect, it } from 'vitest';
import { alertFacts, incidentRow } from '#support/models.ts';
import { completionsAt, knownAt, placeAt, withCompletion, type Known } from './filter-completion.ts';

const row = incidentRow({ id: 1, acknowledged: { by: 'ada', atMs: 1 } });
const labels = { alertname: 'A', team: 'payments', pod: 'api-1.x' };
const known: Known = {
  incidents: [row],
  alerts: [
    {
      incidentId: 1,
      alerts: [
        alertFacts(row, { labels, receivers: ['pager'] }),
        alertFacts(row, { labels: { ...labels, pod: 'api "two"' }, receivers: null }),
        alertFacts(row, { labels: { alertname: 'A', 'team name': 'x' }, mutedBy: ['weekend'] }),
      ],
    },
  ],
};

/** `|` is the caret. */
function offered(written: string): readonly string[] {
  const caret = written.indexOf('|');
  const place = placeAt(written.replace('|', ''), caret);
  return completionsAt(place, knownAt(place, known)).map(({ label }) => label);
}

/** @returns the filter once the first completion is taken, with its caret. */
function taken(written: string): string {
  const caret = written.indexOf('|');
  const text = written.replace('|', '');
  const place = placeAt(text, caret);
  const [first] = completionsAt(place, knownAt(place, known));
  if (first === undefined) return 'nothing';
  const next = withCompletion(text, caret, place, first);
  return `${next.text.slice(0, next.caret)}|${next.text.slice(next.caret)}`;
}

describe('what is offered', () => {
  it.each<[string, readonly string[]]>([
    ['|', ['alertname', 'pod', 'team', 'team name']],
    ['te|', ['team', 'team name']],
    ['error am|', ['alertname', 'team', 'team name']],
    ['mu|', ['@muted']],
    [
      '@|',
      [
        '@age',
        '@state',
        '@severity',
        '@receiver',
        '@silenced-by',
        '@inhibited-by',
        '@muted',
        '@source',
        '@acked-by',
      ],
    ],
    ['@s|', ['@state', '@severity', '@silenced-by', '@source']],
    ['team|', ['=', '!=', '=~', '!~']],
    ['@age|', ['<', '>']],
    ['team!|', ['!=', '!~']],
    ['@age<|', ['5m', '15m', '1h', '6h', '1d']],
    ['team=|', ['payments']],
    ['team="pay|', ['payments']],
    ['"team name"=|', ['x']],
    ['pod=two|', ['api "two"']],
    ['@receiver=|', ['pager']],
    ['@muted=|', ['weekend']],
    ['@acked-by=|', ['ada']],
    ['@severity=|', ['info']],
    ['team="payments"|', []],
    ['a b="c d" te|', ['team', 'team name']],
    ['pod="a te|', []],
    ['http://x|', []],
  ])('%s', (written, expected) => {
    expect(offered(written)).toEqual(expected);
  });

  it.each([
    ['te|', 'team|'],
    ['te| x', 'team| x'],
    ['team|', 'team=|'],
    ['"team na|', 'nothing'],
    ['team=pa|', 'team="payments"|'],
    ['team="pa|"', 'team="payments"|'],
    ['pod=two|', 'pod="api \\"two\\""|'],
    ['pod=~.x|', 'pod=~"api-1\\\\.x"|'],
    ['@age>|', '@age>5m|'],
  ])('%s becomes %s', (before, after) => {
    expect(taken(before)).toBe(after);
  });
});
