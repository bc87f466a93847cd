import { RE2JS } from 're2js';
import { expandTemplate } from '#shared/gotemplate/regular-expressions.ts';
import { metricNameLabel } from '../model/label-set.ts';
import { executionError, QueryError } from '../problem.ts';
import type { Column, EvaluatedValue } from '../evaluate/columns.ts';
import type { CallSite, VectorFunction } from '../evaluate/context.ts';
import type { QueryOptions } from '../evaluate/options.ts';
import { textOf, vector, vectorOf } from './evaluated-values.ts';

/** Since version 3 any text is a label's name; before, what a program may be called. */
export function isLabelName(name: string, semantics: QueryOptions['semantics']): boolean {
  if (semantics === 'v2') return /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name);
  return name !== '' && name.isWellFormed();
}

/** `label_replace(vector, destination, replacement, source, pattern)`. */
export const labelReplace: VectorFunction = (values, site) => {
  const [destination, replacement, source, pattern] = values.slice(1).map(textOf) as [
    string,
    string,
    string,
    string,
  ];
  const { semantics } = site.context.options;
  const expression = compiled(pattern, semantics);
  checkDestination(destination, site);
  const names = expression.namedGroups();
  const groups = replacement.split('$').length - 1;
  const replaced = (text: string): string | null => {
    checkLength(replacement.length + groups * text.length, site);
    const matcher = expression.matcher(text);
    if (!matcher.matches()) return null;
    return expandTemplate(replacement, (name) => {
      const index = /^\d+$/.test(name) ? Number(name) : names[name];
      if (index === undefined || index > matcher.groupCount()) return '';
      return matcher.group(index) ?? '';
    });
  };
  // Series share the values of a label.
  const known = new Map<string, string | null>();
  return relabelled(vectorOf(values[0]), destination, site, (column) => {
    const text = column.labels.get(source);
    let value = known.get(text);
    if (value === undefined) {
      value = replaced(text);
      known.set(text, value);
    }
    return value;
  });
};

/** `label_join(vector, destination, separator, source…)`. */
export const labelJoin: VectorFunction = (values, site) => {
  const [destination = '', separator = '', ...sources] = values.slice(1).map(textOf);
  const wrong = sources.find((name) => !isLabelName(name, site.context.options.semantics));
  if (wrong !== undefined) throw executionError(`invalid source label name in label_join(): ${wrong}`);
  checkDestination(destination, site);
  return relabelled(vectorOf(values[0]), destination, site, ({ labels }) => {
    const parts = sources.map((name) => labels.get(name));
    checkLength(
      parts.reduce((length, part) => length + part.length + separator.length, 0),
      site,
    );
    return parts.join(separator);
  });
};

/**
 * Calls within calls can double a label each time. Prometheus makes what it has memory for; nobody reads a
 * label of this length.
 */
const longestLabel = 1_048_576;

function checkLength(length: number, { name, span }: CallSite): void {
  if (length <= longestLabel) return;
  throw new QueryError({ kind: 'limit', message: `a label of ${name}() would be too long`, span });
}

function compiled(pattern: string, semantics: QueryOptions['semantics']): RE2JS {
  try {
    return RE2JS.compile(pattern, semantics === 'v3' ? RE2JS.DOTALL : 0);
  } catch {
    throw executionError(`invalid regular expression in label_replace(): ${pattern}`);
  }
}

function checkDestination(name: string, { name: functionName, context }: CallSite): void {
  if (isLabelName(name, context.options.semantics)) return;
  throw executionError(`invalid destination label name in ${functionName}(): ${name}`);
}

/** @param valueOf null leaves the series as it is, an empty value takes the label away. */
function relabelled(
  columns: readonly Column[],
  name: string,
  { context }: CallSite,
  valueOf: (column: Column) => string | null,
): EvaluatedValue {
  return vector(
    columns.map((column) => {
      context.checkpoint();
      const value = valueOf(column);
      if (value === null) return column;
      const labels = context.labels.with(column.labels, new Map([[name, value]]));
      // A name that the query sets itself stays.
      return { ...column, labels, dropsName: name !== metricNameLabel && column.dropsName };
    }),
  );
}
