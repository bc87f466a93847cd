import * as fc from 'fast-check';

/** A configuration as people write it, with what YAML has for them; accepted as it is. */
export const writtenConfiguration = `# who is on call
global:
  smtp_smarthost: 'mail:25' # inside
  smtp_from: a@b
route:
  receiver: a
  group_by: [alertname, 'job']
  routes:
  - &base
    matchers:
    - severity="critical"
    - team =~ "a|b"
    receiver: b
    continue: true
  - <<: *base
    match: {env: "prod", k: 'it''s'}
  - matchers: [ a="b",
      c!=d ]
    routes:
      - {match_re: {svc: ^(x|y)$}, group_by: ["..."],
  receiver: b}
inhibit_rules:
- source_matchers: ['a="b"']
  target_match:
    c: d
  equal: [x, y]
time_intervals:
- name: night
  time_intervals:
  - times: [{start_time: '20:00', end_time: 24:00}]
    weekdays: ['monday:friday', sunday]
    location: Europe/Berlin
receivers:
- name: a
- name: b
  webhook_configs:
  - url: http://x/y
    send_resolved: false
  slack_configs:
  - api_url: "http://x"
    text: |
      line one
        {{ .x }}

      line three
    title: >-
      folded
      text
`;

const pieces = [
  '\t',
  ' ',
  '\n',
  '\r',
  '#',
  ' #',
  ':',
  ': ',
  '-',
  '- ',
  '"',
  "'",
  '{',
  '}',
  '[',
  ']',
  ',',
  '\u0085',
  '&x ',
  '*base',
  '|',
  '>',
  '@',
  '`',
  '? ',
  '\\',
  '\\/',
  '---\n',
  '=',
  '~',
  '<<: *base',
  '  \t\n',
  '\t# x\n',
];
const edit = fc.record({
  place: fc.nat(),
  change: fc.constantFrom('insert', 'insert', 'remove', 'double', 'shift'),
  piece: fc.constantFrom(...pieces),
});

/** The same text with one or two slips of the hand. */
export const slippedConfiguration: fc.Arbitrary<string> = fc
  .array(edit, { minLength: 1, maxLength: 2 })
  .map((edits) =>
    edits.reduce((text, { place, change, piece }) => {
      const at = place % text.length;
      const lines = text.split('\n');
      const line = place % lines.length;
      if (change === 'insert') return text.slice(0, at) + piece + text.slice(at);
      if (change === 'remove') return text.slice(0, at) + text.slice(at + 1);
      const changed = change === 'double' ? [lines[line], lines[line]] : [` ${lines[line]}`];
      return lines.toSpliced(line, 1, ...changed.map(String)).join('\n');
    }, writtenConfiguration),
  );
