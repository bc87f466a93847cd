import { parsePrometheusDuration } from '#shared/gotemplate/durations.ts';
import { addressProblem, looseUrlProblem, urlProblem } from './go-url.ts';
import type { ScalarNode } from './node.ts';
import { wholeNumberOf } from './scalar-type.ts';
import type { Shape } from './shape.ts';

/** The kinds of single values in a configuration. What is said of them never quotes them. */

/** What a server writes in the place of a secret when it shows its configuration. */
const hiddenSecret = '<secret>';

export const text = scalar('a text', () => null);
export const flag = scalar('true or false', ({ type }) =>
  type === 'flag' ? null : 'this is not true or false',
);
export const wholeNumber = numberOf('signed', 'a whole number');
export const naturalNumber = numberOf('unsigned', 'a whole number, not below 0');
export const decimal = scalar('a number', ({ type }) =>
  type === 'whole' || type === 'decimal' ? null : 'this is no number',
);
export const url = ofText('a URL that begins with http:// or https://', urlProblem);
export const secretUrl = ofText('a URL that begins with http:// or https://', (value) =>
  value === hiddenSecret ? null : urlProblem(value),
);
/** A template makes its URL only when there is something to tell. */
export const templateUrl = ofText(
  'a URL that begins with http:// or https://, or a template of one',
  (value) => (value === '' || value === hiddenSecret || value.includes('{{') ? null : urlProblem(value)),
);
export const looseUrl = ofText('a URL', looseUrlProblem);
export const address = ofText('host:port', addressProblem);
export const duration = ofText('a duration such as 30s, 5m, 4h or 1d12h', (value) =>
  parsePrometheusDuration(value) === null ? 'this is no duration' : null,
);

const goDurationPattern = /^[-+]?(?:0|(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/;
/** A number counts nanoseconds. */
export const goDuration = scalar('a duration such as 10s or 1m30s', (node) =>
  node.type === 'text'
    ? goDurationProblem(node.text)
    : wholeNumberOf(node, 'signed') === null
      ? noDuration
      : null,
);
export const goDurationText = ofText('a duration such as 10s or 1m30s', goDurationProblem);
const noDuration = 'this is no duration';

export function oneOf(...words: readonly string[]): Shape {
  return ofText(words.join(', '), (value) => (words.includes(value) ? null : 'this is not known here'));
}

function goDurationProblem(value: string): string | null {
  return goDurationPattern.test(value) ? null : noDuration;
}

function numberOf(sign: 'signed' | 'unsigned', accepted: string): Shape {
  return scalar(accepted, (node) => (wholeNumberOf(node, sign) === null ? `this is not ${accepted}` : null));
}

function ofText(accepted: string, problemOf: (value: string) => string | null): Shape {
  return scalar(accepted, (node) => problemOf(node.text));
}

function scalar(accepted: string, problemOf: (node: ScalarNode) => string | null): Shape {
  return { kind: 'scalar', scalar: { accepted, problemOf } };
}
