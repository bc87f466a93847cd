import { describe, expect, test } from 'vitest';
import { receiversOf } from '../routes-of.ts';
import { readRoutingConfiguration } from './read-configuration.ts';

/**
 * YAML as Alertmanager 0.33's own tool takes it: each text was asked of it. Its parser is one of YAML 1.1,
 * laxer in some things and stricter in others than the one here.
 */
const receivers = 'receivers: [{name: a}, {name: b}, {name: a b}, {name: c}]\n';

function messageOf(text: string): string | null {
  const [problem] = readRoutingConfiguration(text).problems;
  return problem === undefined ? null : `${problem.line}:${problem.column} ${problem.message}`;
}

describe('inside brackets, braces and quotes a line begins anywhere', () => {
  test.each([
    'route: {\nreceiver: a\n}\n',
    'route:\n  receiver: a\n  routes: [\n  {match: {a: b}}\n]\n',
    'route:\n  receiver: a\n  routes:\n  - matchers: [\n      a=b,\n      c=d\n  ]\n',
    "route:\n  receiver: a\n  group_by: ['x',\n'y']\n",
    'route: {\n\treceiver: a,\n\tgroup_wait: 5s}\n',
    'route:\n  receiver: "a\nb"\n',
    "route:\n  receiver: 'a\n\tb'\n",
    'route: {receiver: a\nb}\n',
    'route:\n  receiver: a\n  routes: [{match: {\na: b\n}}]\n  group_wait: 5s\n',
  ])('%j', (text) => {
    expect(messageOf(text + receivers)).toBeNull();
  });

  test('and what follows is read by its indentation again', () => {
    const text = `route:\n  receiver: a\n  routes:\n  - match: {\n  a: b\n}\n    receiver: b\n  - receiver: c\n${receivers}`;
    const { root } = readRoutingConfiguration(text);
    expect(receiversOf(root, { a: 'b' })).toEqual(['b']);
    expect(receiversOf(root, {})).toEqual(['c']);
  });
});

describe('tabs', () => {
  const wrong = 'a tab where the indentation belongs';
  test.each([
    ['route:\n  receiver: a\n\t\n', '3:1'],
    ['route:\n  receiver: a\n  \t\n', '3:3'],
    ['route:\n  receiver: "a"\n      \t\n', '3:7'],
    ['route:\n  receiver: a\n\t# why\n', '3:1'],
    ['\t\nroute: {receiver: a}\n', '1:1'],
    ['route: {receiver: a\n\t}\n', '2:1'],
    ['route:\n  receiver: a\n  group_by:\n  -\tx\n', '4:4'],
    ['route:\n  receiver: a\n  routes:\n  - matchers:\n    - a=b\n    \t\n', '6:5'],
    ['route:\n  receiver: |-\n    \ta\n', '3:5'],
    ['route:\n  receiver: a\n\tb\n', '3:1'],
  ])('%j is refused', (text, place) => {
    expect(messageOf(text + receivers)).toBe(`${place} ${wrong}`);
  });

  test.each([
    'route:\n  receiver:\ta\t# why\n',
    'route:\t{\treceiver: a\t}\t\n',
    'route:\n  receiver: a\n   \t\n',
    'route:\n  receiver: a\n   \tb\n',
    'route:\n  receiver: a\n  routes:\t\n  - receiver: b\t\n',
    'route: {receiver: "a"\n\t}\n',
    'route:\n  receiver: |-\n    a\n# \t\n',
  ])('%j is taken', (text) => {
    expect(messageOf(text + receivers)).toBeNull();
  });
});

describe('what else is read otherwise', () => {
  test.each([
    ['route: {receiver: a, routes: [{match: {url: http://x/?y}}]}\n', '1:54'],
    ['route: {receiver: a, routes: [{match: {k: :v}}]}\n', '1:43'],
    ['route: {receiver: a, routes: [{match:{k: v}}]}\n', '1:37'],
    ['route: {receiver\n: a}\n', '2:1'],
    ['route: {"receiver"\n  : a}\n', '2:3'],
    ['route: {receiver: a, routes:[]}\n', '1:28'],
    ['route: {receiver: "a\\/b"}\n', '1:21'],
    ['route: {receiver: "\\ud83d\\ude00"}\n', '1:20'],
    ['route: {receiver: &a.b a}\n', '1:24'],
    ['%YAML 1.0\n---\nroute: {receiver: a}\n', '1:1'],
    ['%OTHER x\n---\nroute: {receiver: a}\n', '1:1'],
  ])('%j is refused', (text, place) => {
    expect(messageOf(text + receivers)?.split(' ')[0]).toBe(place);
  });

  test.each([
    `route: {receiver: a}\n${receivers}# \ufeff\n`,
    `route: {? receiver\n: a}\n${receivers}`,
    `route: {receiver: a, "routes":[{"match":{k : v}}, {match: {k:\nv}}]}\n${receivers}`,
    `route: {receiver: a}\n${receivers}`.replaceAll('\n', '\r'),
    `route: {receiver: a}\u0085${receivers}`,
    '{"route": {"receiver": "a"}, "receivers": [{"name": "a"}]}\n{}',
    `route:\n  receiver: a\n  routes:\n  - match_re:\n      url: http://x/?y\n${receivers}`,
  ])('%j is taken', (text) => {
    expect(messageOf(text)).toBeNull();
  });
});

describe('a merge', () => {
  function routed(routes: string, labels: Readonly<Record<string, string>>): readonly string[] {
    const { root, problems } = readRoutingConfiguration(
      `route:\n  receiver: a\n  routes:\n${routes}\n${receivers}`,
    );
    expect(problems).toEqual([]);
    return receiversOf(root, labels);
  }

  const both = { k: 'v', j: 'w' };
  test.each([
    ['matchers: [k=v]', 'matchers: [j=w]', both, ['b', 'c']],
    ['matchers: [k=v]', 'matchers: [j=w]', { j: 'w' }, ['a']],
    ['matchers: [k=v]', 'matchers: []', { j: 'w' }, ['a']],
    ['matchers: [k=v]', 'matchers: null', { j: 'w' }, ['c']],
    ['match: {k: v}', 'match: {j: w}', { j: 'w' }, ['a']],
    ['match: {k: v}', 'match: {j: w}', both, ['b', 'c']],
    ['match: {k: v}', 'match: ~', {}, ['c']],
    ['match_re: {k: v}', 'match_re: {j: w}', { j: 'w' }, ['a']],
  ])('with %s adds %s, so that %j goes to %j', (merged, own, labels, expected) => {
    const anchored = `  - &x {${merged}, receiver: b, continue: true}\n`;
    expect(routed(`${anchored}  - {<<: *x, ${own}, receiver: c}`, labels)).toEqual(expected);
  });

  test('is in force where it stands: what is written before it gives way', () => {
    expect(routed('  - {receiver: b, <<: {receiver: c}}', {})).toEqual(['c']);
    expect(routed('  - {<<: {receiver: c}, receiver: b}', {})).toEqual(['b']);
    expect(routed('  - {<<: [{receiver: c}, {receiver: b}]}', {})).toEqual(['c']);
  });

  test.each([
    ['{<<: *x, match: {k: w}}', '"k" stands here twice'],
    ['{match: {<<: {k: v}, k: w}}', '"k" stands here twice'],
    ['{match: {<<: [{k: v}, {k: w}]}}', '"k" stands here twice'],
    ['{<<: {group_wait: 5s, group_wait: 6s}}', '"group_wait" stands here twice'],
    ['{<<: {group_wait: x}, group_wait: 5s}', 'this is no duration'],
    ['{<<: {matchers: [k]}, matchers: []}', 'this is no matcher'],
    ['{receiver: b, <<: {receiver: nobody}}', 'there is no receiver "nobody"'],
  ])('%s is refused', (route, message) => {
    const text = `route:\n  receiver: a\n  routes:\n  - &x {match: {k: v}}\n  - ${route}\n${receivers}`;
    expect(readRoutingConfiguration(text).problems.map((problem) => problem.message)).toContain(message);
  });

  test('of a receiver replaces its integrations', () => {
    const text =
      'route: {receiver: a}\nreceivers:\n- &r {name: a, webhook_configs: [{url: "http://x"}]}\n- {<<: *r, name: b, webhook_configs: []}\n';
    const configuration = readRoutingConfiguration(text);
    expect(configuration.problems).toEqual([]);
    expect(configuration.receivers.map(({ integrations }) => integrations)).toEqual([['webhook'], []]);
  });
});
