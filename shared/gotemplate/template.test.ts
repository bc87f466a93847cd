import { expect, test } from 'vitest';
import { expandTemplate, newEffort, parseTemplate } from './template.ts';

/**
 * What promtool of Prometheus 3.5 printed for each template, with `$labels` and `$value` as below.
 * Recorded with `promtool test rules`; errors without the place that Go puts before them.
 */
const labels = { __name__: 'm', a: 'b c', instance: 'host.x:9100', n: '1' };

function expand(text: string, value: string): string {
  const template = parseTemplate(text);
  if (!template.ok) return `PROBLEM ${template.failure.message}`;
  const expanded = expandTemplate(template.value, {
    labels,
    externalLabels: {},
    externalUrl: '',
    value: Number(value.replace('Inf', 'Infinity')),
  });
  return expanded.ok ? expanded.value : `ERROR ${expanded.failure.message}`;
}

const numberTemplate =
  '{{ $value }}|{{ $value | humanize }}|{{ humanize1024 $value }}|{{ humanizeDuration $value }}|{{ $value | humanizePercentage }}|{{ printf "%.4g %.2f %.0f %e %8.1f %-8.1f| %+.1f %08.2f" $value $value $value $value $value $value $value $value }}';

test.for([
  ['0', '0|0|0|0s|0%|0 0.00 0 0.000000e+00      0.0 0.0     | +0.0 00000.00'],
  ['-0.5', '-0.5|-500m|-0.5|-500ms|-50%|-0.5 -0.50 -0 -5.000000e-01     -0.5 -0.5    | -0.5 -0000.50'],
  ['1', '1|1|1|1s|100%|1 1.00 1 1.000000e+00      1.0 1.0     | +1.0 00001.00'],
  ['-1', '-1|-1|-1|-1s|-100%|-1 -1.00 -1 -1.000000e+00     -1.0 -1.0    | -1.0 -0001.00'],
  ['0.5', '0.5|500m|0.5|500ms|50%|0.5 0.50 0 5.000000e-01      0.5 0.5     | +0.5 00000.50'],
  [
    '12345',
    '12345|12.35k|12.06ki|3h 25m 45s|1.234e+06%|1.234e+04 12345.00 12345 1.234500e+04  12345.0 12345.0 | +12345.0 12345.00',
  ],
  [
    '12355',
    '12355|12.36k|12.07ki|3h 25m 55s|1.236e+06%|1.236e+04 12355.00 12355 1.235500e+04  12355.0 12355.0 | +12355.0 12355.00',
  ],
  [
    '123456',
    '123456|123.5k|120.6ki|1d 10h 17m 36s|1.235e+07%|1.235e+05 123456.00 123456 1.234560e+05 123456.0 123456.0| +123456.0 123456.00',
  ],
  [
    '999.95',
    '999.95|1000|1000|16m 39s|1e+05%|1000 999.95 1000 9.999500e+02   1000.0 1000.0  | +1000.0 00999.95',
  ],
  [
    '999949',
    '999949|999.9k|976.5ki|11d 13h 45m 49s|9.999e+07%|9.999e+05 999949.00 999949 9.999490e+05 999949.0 999949.0| +999949.0 999949.00',
  ],
  [
    '1e6',
    '1e+06|1M|976.6ki|11d 13h 46m 40s|1e+08%|1e+06 1000000.00 1000000 1.000000e+06 1000000.0 1000000.0| +1000000.0 1000000.00',
  ],
  [
    '1234567.5',
    '1.2345675e+06|1.235M|1.177Mi|14d 6h 56m 7s|1.235e+08%|1.235e+06 1234567.50 1234568 1.234568e+06 1234567.5 1234567.5| +1234567.5 1234567.50',
  ],
  [
    '1e20',
    '1e+20|100E|86.74Ei|-106751991167300d -15h -30m -8s|1e+22%|1e+20 100000000000000000000.00 100000000000000000000 1.000000e+20 100000000000000000000.0 100000000000000000000.0| +100000000000000000000.0 100000000000000000000.00',
  ],
  [
    '1e21',
    '1e+21|1Z|867.4Ei|-106751991167300d -15h -30m -8s|1e+23%|1e+21 1000000000000000000000.00 1000000000000000000000 1.000000e+21 1000000000000000000000.0 1000000000000000000000.0| +1000000000000000000000.0 1000000000000000000000.00',
  ],
  [
    '1e100',
    '1e+100|1e+76Y|8.272e+75Yi|-106751991167300d -15h -30m -8s|1e+102%|1e+100 10000000000000000159028911097599180468360808563945281389781327557747838772170381060813469985856815104.00 10000000000000000159028911097599180468360808563945281389781327557747838772170381060813469985856815104 1.000000e+100 10000000000000000159028911097599180468360808563945281389781327557747838772170381060813469985856815104.0 10000000000000000159028911097599180468360808563945281389781327557747838772170381060813469985856815104.0| +10000000000000000159028911097599180468360808563945281389781327557747838772170381060813469985856815104.0 10000000000000000159028911097599180468360808563945281389781327557747838772170381060813469985856815104.00',
  ],
  ['0.0001', '0.0001|100u|0.0001|100us|0.01%|0.0001 0.00 0 1.000000e-04      0.0 0.0     | +0.0 00000.00'],
  ['0.00001', '1e-05|10u|1e-05|10us|0.001%|1e-05 0.00 0 1.000000e-05      0.0 0.0     | +0.0 00000.00'],
  [
    '1.5e-9',
    '1.5e-09|1.5n|1.5e-09|1.5ns|1.5e-07%|1.5e-09 0.00 0 1.500000e-09      0.0 0.0     | +0.0 00000.00',
  ],
  ['1e-30', '1e-30|1e-06y|1e-30|1e-06ys|1e-28%|1e-30 0.00 0 1.000000e-30      0.0 0.0     | +0.0 00000.00'],
  ['NaN', 'NaN|NaN|NaN|NaN|NaN%|NaN NaN NaN NaN      NaN NaN     | +NaN      NaN'],
  ['Inf', '+Inf|+Inf|+Inf|+Inf|+Inf%|+Inf +Inf +Inf +Inf     +Inf +Inf    | +Inf     +Inf'],
  ['-Inf', '-Inf|-Inf|-Inf|-Inf|-Inf%|-Inf -Inf -Inf -Inf     -Inf -Inf    | -Inf     -Inf'],
  ['59.9', '59.9|59.9|59.9|59.9s|5990%|59.9 59.90 60 5.990000e+01     59.9 59.9    | +59.9 00059.90'],
  ['60', '60|60|60|1m 0s|6000%|60 60.00 60 6.000000e+01     60.0 60.0    | +60.0 00060.00'],
  [
    '3600',
    '3600|3.6k|3.516ki|1h 0m 0s|3.6e+05%|3600 3600.00 3600 3.600000e+03   3600.0 3600.0  | +3600.0 03600.00',
  ],
  [
    '3661.7',
    '3661.7|3.662k|3.576ki|1h 1m 1s|3.662e+05%|3662 3661.70 3662 3.661700e+03   3661.7 3661.7  | +3661.7 03661.70',
  ],
  [
    '86400',
    '86400|86.4k|84.38ki|1d 0h 0m 0s|8.64e+06%|8.64e+04 86400.00 86400 8.640000e+04  86400.0 86400.0 | +86400.0 86400.00',
  ],
  [
    '90061',
    '90061|90.06k|87.95ki|1d 1h 1m 1s|9.006e+06%|9.006e+04 90061.00 90061 9.006100e+04  90061.0 90061.0 | +90061.0 90061.00',
  ],
  [
    '-90061',
    '-90061|-90.06k|-87.95ki|-1d 1h 1m 1s|-9.006e+06%|-9.006e+04 -90061.00 -90061 -9.006100e+04 -90061.0 -90061.0| -90061.0 -90061.00',
  ],
  ['0.05', '0.05|50m|0.05|50ms|5%|0.05 0.05 0 5.000000e-02      0.1 0.1     | +0.1 00000.05'],
  [
    '0.12345',
    '0.12345|123.5m|0.1235|123.5ms|12.35%|0.1235 0.12 0 1.234500e-01      0.1 0.1     | +0.1 00000.12',
  ],
  ['0.99995', '0.99995|1000m|1|1000ms|100%|1 1.00 1 9.999500e-01      1.0 1.0     | +1.0 00001.00'],
  [
    '1024',
    '1024|1.024k|1ki|17m 4s|1.024e+05%|1024 1024.00 1024 1.024000e+03   1024.0 1024.0  | +1024.0 01024.00',
  ],
  [
    '1048576',
    '1.048576e+06|1.049M|1Mi|12d 3h 16m 16s|1.049e+08%|1.049e+06 1048576.00 1048576 1.048576e+06 1048576.0 1048576.0| +1048576.0 1048576.00',
  ],
  [
    '1234567890',
    '1.23456789e+09|1.235G|1.15Gi|14288d 23h 31m 30s|1.235e+11%|1.235e+09 1234567890.00 1234567890 1.234568e+09 1234567890.0 1234567890.0| +1234567890.0 1234567890.00',
  ],
  [
    '1435065584.128',
    '1.435065584128e+09|1.435G|1.337Gi|16609d 13h 19m 44s|1.435e+11%|1.435e+09 1435065584.13 1435065584 1.435066e+09 1435065584.1 1435065584.1| +1435065584.1 1435065584.13',
  ],
  ['2.5', '2.5|2.5|2.5|2.5s|250%|2.5 2.50 2 2.500000e+00      2.5 2.5     | +2.5 00002.50'],
  ['0.125', '0.125|125m|0.125|125ms|12.5%|0.125 0.12 0 1.250000e-01      0.1 0.1     | +0.1 00000.12'],
  ['1e-5', '1e-05|10u|1e-05|10us|0.001%|1e-05 0.00 0 1.000000e-05      0.0 0.0     | +0.0 00000.00'],
] as const)('%s is written as Prometheus writes it', ([value, text]) => {
  expect(expand(numberTemplate, value)).toBe(text);
});

test.for([
  ['{{ $value | humanizeTimestamp }}', '0', '1970-01-01 00:00:00 +0000 UTC'],
  ['{{ $value | humanizeTimestamp }}', '1435065584.128', '2015-06-23 13:19:44.128 +0000 UTC'],
  ['{{ $value | humanizeTimestamp }}', '1435065584', '2015-06-23 13:19:44 +0000 UTC'],
  ['{{ $value | humanizeTimestamp }}', '-1.5', '1969-12-31 23:59:58.5 +0000 UTC'],
  ['{{ $value | humanizeTimestamp }}', 'NaN', 'NaN'],
  ['{{ $value | humanizeTimestamp }}', '1e9', '2001-09-09 01:46:40 +0000 UTC'],
  ['{{ $labels }}', '1', 'map[__name__:m a:b c instance:host.x:9100 n:1]'],
  ['{{ . }}x', '1', '{map[__name__:m a:b c instance:host.x:9100 n:1] map[]  1}x'],
  ['{{ .Labels.a }} {{ .Value }}', '1', 'b c 1'],
  ['{{ $labels.missing }}|', '1', '|'],
  ['{{ if $labels.a }}yes{{ else }}no{{ end }}', '1', 'yes'],
  ['{{ if gt $value 0.5 }}big{{ else if lt $value 0.1 }}small{{ else }}mid{{ end }}', '1', 'big'],
  [
    '{{ if eq $value 1 }}x{{ end }}',
    '1',
    'ERROR error calling eq: incompatible types for comparison: float64 and int',
  ],
  [
    '{{ range $k, $v := $labels }}{{ $k }}={{ $v }};{{ end }}',
    '1',
    '__name__=m;a=b c;instance=host.x:9100;n=1;',
  ],
  ['{{ range $labels }}<{{ . }}>{{ else }}none{{ end }}', '1', '<m><b c><host.x:9100><1>'],
  ['{{ with $labels.a }}{{ . }}{{ end }}', '1', 'b c'],
  ['{{ with $x := $labels.missing }}{{ $x }}{{ else }}none{{ end }}', '1', 'none'],
  ['a  {{- " b " -}}  c', '1', 'a b c'],
  ['{{/* comment */}}x{{- /* c */ -}} y', '1', 'xy'],
  ['{{ $x := 5 }}{{ $x }}{{ $x = 6 }}{{ $x }}', '1', '56'],
  ['{{ "quoted \\"x\\" \\u00e9" }}{{ `raw\\n` }}', '1', 'quoted "x" éraw\\n'],
  [
    '{{ printf "%s %q %v %d %5d|%-5d|%05d %x %X %o %c" $labels.a $labels.a $labels.a 42 42 42 42 255 255 8 65 }}',
    '1',
    'b c "b c" b c 42    42|42   |00042 ff FF 10 A',
  ],
  ['{{ printf "%d %s %z" $value $value $value }}', '1', '%!d(float64=1) %!s(float64=1) %!z(float64=1)'],
  ['{{ printf "%d" }}', '1', '%!d(MISSING)'],
  ['{{ printf "x" 1 "a" 2.5 }}', '1', 'x%!(EXTRA int=1, string=a, float64=2.5)'],
  ['{{ printf "%5s|%-5s|%.1s|%x" "ab" "ab" "ab" "ab" }}', '1', '   ab|ab   |a|6162'],
  ['{{ printf "%t %v %T" true false $value }}', '1', 'true false float64'],
  ['{{ printf "%" }}', '1', '%!(NOVERB)'],
  [
    '{{ title "hello wORLD-foo bar_baz it\'s" }}|{{ toUpper "aB" }}|{{ toLower "aB" }}',
    '1',
    "Hello WORLD-Foo Bar_baz It's|AB|ab",
  ],
  ['{{ match "a.*b" "xxaxb" }} {{ match "^b" "ab" }}', '1', 'true false'],
  ['{{ reReplaceAll "(\\\\w+):(\\\\d+)" "$2-${1}x$1y" "host:9100" }}', '1', '9100-hostx'],
  ['{{ reReplaceAll "a*" "-" "baaac" }}', '1', '-b-c-'],
  ['{{ reReplaceAll "(?P<n>.)x" "<$n>" "axbx" }}', '1', '<a><b>'],
  [
    '{{ $labels.instance | stripPort }} {{ "[::1]:80" | stripPort }} {{ "::1" | stripPort }} {{ "h" | stripPort }}',
    '1',
    'host.x ::1 ::1 h',
  ],
  [
    '{{ "a.b.c:80" | stripDomain }} {{ "1.2.3.4:80" | stripDomain }} {{ "[::1]:80" | stripDomain }} {{ "a.b" | stripDomain }} {{ "01.2.3.4" | stripDomain }}',
    '1',
    'a:80 1.2.3.4:80 [::1]:80 a 01',
  ],
  ['{{ parseDuration "1h2m10ms" }}', '1', '3720.01'],
  ['{{ parseDuration "xx" }}', '1', 'ERROR error calling parseDuration: not a valid duration string: "xx"'],
  ['{{ humanize "1234.5" }} {{ humanize 5 }}', '1', '1.234k 5'],
  [
    '{{ humanize "abc" }}',
    '1',
    'ERROR error calling humanize: strconv.ParseFloat: parsing "abc": invalid syntax',
  ],
  ['{{ humanize "inf" }}', '1', '+Inf'],
  ['{{ print 1 2 "a" "b" 3 4 }}|{{ println "a" 1 }}|', '1', '1 2ab3 4|a 1\n|'],
  [
    '{{ len "héllo" }} {{ len $labels }} {{ index $labels "a" }} {{ index "abc" 1 }}|{{ index $labels "zz" }}|',
    '1',
    '6 4 b c 98||',
  ],
  [
    '{{ and 1 "" }}|{{ and 1 2 }}|{{ or 0 "x" }}|{{ not 0 }}|{{ eq 1 2 3 1 }}|{{ ne "a" "b" }}|{{ le 1 1 }} {{ ge 2 3 }} {{ lt "a" "b" }}',
    '1',
    '|2|x|true|true|true|true false true',
  ],
  ['{{ (index $labels "a") | printf "%s-%s" "x" }}', '1', 'x-b c'],
  ['{{ ($labels).a }}', '1', 'b c'],
  ['{{ nil }}', '1', 'ERROR nil is not a command'],
  ['{{ $labels.a.b }}', '1', "ERROR can't evaluate field b in type string"],
  ['{{ $value.x }}', '1', "ERROR can't evaluate field x in type float64"],
  ['{{ "a" "b" }}', '1', 'ERROR can\'t give argument to non-function "a"'],
  ['{{ $labels.a "x" }}', '1', 'ERROR a is not a method but has arguments'],
  ['{{ urlquery "a b&c=d/é~!*()\'" }}', '1', 'a+b%26c%3Dd%2F%C3%A9~%21%2A%28%29%27'],
  [
    "{{ 'a' }} {{ 0x1F }} {{ 1_000 }} {{ 1e3 }} {{ .5 }} {{ -3 }} {{ 010 }} {{ true }}",
    '1',
    '97 31 1000 1000 0.5 -3 8 true',
  ],
  ['{{ safeHtml "<b>" }}', '1', '<b>'],
  ['{{ range 3.5 }}{{ end }}', '1', "ERROR range can't iterate over 3.5"],
  ['}} {{"{{"}}', '1', '}} {{'],
  ['{{ printf "%.2f%%" 12.345 }}', '1', '12.35%'],
  ['{{ eq 1.0 1 }}', '1', 'ERROR error calling eq: incompatible types for comparison: float64 and int'],
  ['{{ lt $value 1 }}', '1', 'ERROR error calling lt: incompatible types for comparison: float64 and int'],
  ['{{$labels.a}}{{$value}}', '1', 'b c1'],
  ['{{ if and (gt $value 0.0) (eq $labels.a "b c") }}ok{{end}}', '1', 'ok'],
  ['{{ humanizePercentage 0.123456 }} {{ humanizePercentage "0.5" }}', '1', '12.35% 50%'],
  ['{{ printf "%s" $labels }}', '1', 'map[__name__:m a:b c instance:host.x:9100 n:1]'],
  ['{{- $x := 1 -}}{{ if true }}{{ $x := 2 }}{{ $x }}{{ end }}{{ $x }}', '1', '21'],
  ['{{ $labels.a | toUpper | printf "%q" }}', '1', '"B C"'],
  ['{{ .Labels }}{{ $.Value }}', '1', 'map[__name__:m a:b c instance:host.x:9100 n:1]1'],
  ['{{ true | not }}', '1', 'false'],
  ['{{ print }}|', '1', '|'],
  ['{{ print nil }}', '1', '<nil>'],
  ['{{ print $labels }}', '1', 'map[__name__:m a:b c instance:host.x:9100 n:1]'],
  ['{{- 3 }}', '1', '3'],
  ['{{-3 }}', '1', '-3'],
  ['{{3 -}} x', '1', '3x'],
  ['{{ ge $value 1.5 }} {{ gt 2 1 }}', '1', 'false true'],
  ['{{ lt true false }}', '1', 'ERROR error calling lt: invalid type for comparison'],
  ['{{ eq }}', '1', 'ERROR wrong number of args for eq: want at least 1 got 0'],
  ['{{ not }}', '1', 'ERROR wrong number of args for not: want 1 got 0'],
  ['{{ index $labels 1 }}', '1', 'ERROR error calling index: value has type int; should be string'],
  ['{{ range $i, $x := $labels }}{{ if eq $i "a" }}{{ $x }}{{ end }}{{ end }}', '1', 'b c'],
  ['{{ printf "% d|%+d|% x|%#x|%#q" 5 5 "ab" 255 "a" }}', '1', ' 5|+5|61 62|0xff|`a`'],
  ['{{ printf "%6d|%-6q|" -42 "a" }}', '1', '   -42|"a"   |'],
  ['{{ printf "%06d %+06.1f %6.1f" -42 3.14159 -2.55 }}', '1', '-00042 +003.1   -2.5'],
] as const)('%s with %s', ([text, value, expected]) => {
  expect(expand(text, value)).toBe(expected);
});

test.for([
  ['{{ 1 | 2 }}', 'non executable command in pipeline stage 2'],
  ['{{ undefinedfn 1 }}', 'function "undefinedfn" not defined'],
  ['{{ $undefined }}', 'undefined variable "$undefined"'],
  ['{{ if }}x{{ end }}', 'missing value for if'],
  ['{{ if true }}x', 'unexpected EOF'],
  ['{{ end }}', 'unexpected {{end}}'],
  ['{{ "abc }}', 'unterminated quoted string'],
  ['{{ if true }}{{ $x := 2 }}{{ end }}{{ $x }}', 'undefined variable "$x"'],
  ['{{ query "up" }}', 'function "query" is not supported: it asks queries, which local rules do not do yet'],
  ['{{ now }}', 'function "now" is not supported: local rules do not have it yet'],
  ['{{ define "x" }}{{ end }}', '{{define}} is not supported in local rules'],
] as const)('%s is refused', ([text, problem]) => {
  expect(expand(text, '1')).toBe(`PROBLEM ${problem}`);
});

/** What only the server that answers knows of itself. */
test.for([
  [
    '{{ externalURL }} {{ $externalURL }} {{ .ExternalURL }}',
    'http://p:9090/x http://p:9090/x http://p:9090/x',
  ],
  ['{{ pathPrefix }}', '/x'],
  ['{{ externalURL | len }}', '15'],
  ['{{ $externalLabels.cluster }}{{ .ExternalLabels.none }}', 'eu'],
  ['{{ range $name, $value := $externalLabels }}{{ $name }}={{ $value }}{{ end }}', 'cluster=eu'],
  ['{{ . }}', '{map[a:b] map[cluster:eu] http://p:9090/x 1}'],
] as const)('%s with labels and an address of its own', ([text, expected]) => {
  const template = parseTemplate(text);
  if (!template.ok) throw new Error(template.failure.message);
  const input = {
    labels: { a: 'b' },
    externalLabels: { cluster: 'eu' },
    externalUrl: 'http://p:9090/x',
    value: 1,
  };
  expect(expandTemplate(template.value, input)).toEqual({ ok: true, value: expected });
});

const doubled = `{{ $x := "aaaaaaaa" }}${'{{ $x = print $x $x }}'.repeat(20)}`;

test.each([
  ['doubled again and again', `${doubled}{{ len $x }}`],
  ['as many arguments', `{{ $x := printf "%1000d" 1 }}{{ len (print ${'$x '.repeat(1_000)}) }}`],
  ['replaced by itself', `{{ $x := printf "%1000d" 1 }}{{ len (reReplaceAll "" $x $x) }}`],
  ['wide', `{{ len (printf "${'%1000d'.repeat(300)}" ${'1 '.repeat(300)}) }}`],
])('a text that grows past all reason is an error, not the memory: %s', (_how, text) => {
  expect(expand(text, '1')).toContain('a text longer than 262144 characters');
});

test('templates of one evaluation share what they may cost', () => {
  const long = `{{ $x := printf "%1000d" 1 }}${'{{ if match "(a|b)+c" $x }}{{ end }}'.repeat(1_000)}done`;
  const template = parseTemplate(long);
  if (!template.ok) throw new Error(template.failure.message);
  const input = { labels, externalLabels: {}, externalUrl: '', value: 1 };
  const effort = newEffort();
  expect(expandTemplate(template.value, input, effort)).toEqual({ ok: true, value: 'done' });
  expect(expandTemplate(template.value, input, effort)).toMatchObject({
    failure: { message: 'takes too much work' },
  });
  expect(expandTemplate(template.value, input)).toEqual({ ok: true, value: 'done' });
});
