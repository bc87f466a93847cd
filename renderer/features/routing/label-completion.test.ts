import { expect, test } from 'vitest';
import type { AlertFacts } from '#shared/model/alert-facts.ts';
import { knownLabels, labelCompletions, labelPlaceAt, withLabelCompletion } from './label-completion.ts';

function incident(...labelSets: Record<string, string>[]) {
  const alerts = labelSets.map((labels, index): AlertFacts => ({
    incidentId: 1,
    fingerprint: String(index),
    labels,
    state: 'firing',
    startsAtMs: 1,
    ended: false,
    silencedBy: [],
    inhibitedBy: [],
    receivers: null,
    mutedBy: null,
    sources: [],
  }));
  return { incidentId: 1, alerts };
}

const known = [
  incident({ alertname: 'Down', mountpoint: '/srv/x y' }, { alertname: 'Down', severity: 'critical' }),
  incident({ alertname: 'DiskFull', severity: 'warning' }),
];

/** The line with its caret at `|`, once the first that is offered is taken. */
function taken(marked: string): string | undefined {
  const caret = marked.indexOf('|');
  const line = marked.replace('|', '');
  const place = labelPlaceAt(line, caret);
  const [first] = labelCompletions(place, knownLabels(place, known));
  if (first === undefined) return undefined;
  const next = withLabelCompletion(line, caret, place, first);
  return `${next.line.slice(0, next.caret)}|${next.line.slice(next.caret)}`;
}

test.each([
  ['|', 'alertname=|'],
  ['sev|', 'severity=|'],
  ['alertname=|', 'alertname=Down |'],
  ['alertname=di|', 'alertname=DiskFull |'],
  ['alertname="Di|" severity=x', 'alertname=DiskFull |severity=x'],
  ['mountpoint=|', 'mountpoint="/srv/x y" |'],
  ['a=b,seve| x=y', 'a=b,severity=| x=y'],
  ['"alertname"=Do|', '"alertname"=Down |'],
  ['nothing=|', undefined],
  ['zzz|', undefined],
])('%s becomes %s', (marked, expected) => {
  expect(taken(marked)).toBe(expected);
});

test('what is offered says how many alerts have it, the most frequent first', () => {
  const place = labelPlaceAt('alertname=', 10);
  expect(labelCompletions(place, knownLabels(place, known))).toEqual([
    { label: 'Down', text: 'Down ', detail: '2 alerts' },
    { label: 'DiskFull', text: 'DiskFull ', detail: '1 alert' },
  ]);
});
