import type { Column } from '../../evaluate/columns.ts';
import { streamSampleTimes } from '../../evaluate/instant-selector.ts';
import type { Scope } from '../../evaluate/scope.ts';
import type { LabelSet } from '../../model/label-set.ts';
import type { Call, LabelMatcher } from '../../syntax/ast.ts';
import type { InfoRequest } from './info-request.ts';
import { infoSelector } from './info-selector.ts';

/** The labels by which an info series says what it describes. Prometheus knows no others yet. */
const identifyingLabels = ['instance', 'job'] as const;

/** Series that describe others, by what they describe. Their values are when their samples were taken. */
export type InfoSeries = ReadonlyMap<string, readonly Column[]>;

/** Null where a series has none of the identifying labels, and so cannot be described. */
export function identityOf(labels: LabelSet): string | null {
  const values = identifyingLabels.map((name) => labels.get(name));
  return values.every((value) => value === '') ? null : JSON.stringify(values);
}

export function infoSeriesOf(
  scope: Scope,
  call: Call,
  request: InfoRequest,
  described: readonly Column[],
): InfoSeries {
  const found = new Map<string, Column[]>();
  if (described.length === 0) return found;
  const selector = infoSelector(call, request, scope.query.bounds);
  const matchers = [...selector.matchers, ...identityMatchers(described)];
  streamSampleTimes(scope, { ...selector, matchers }, true, (column) => {
    scope.query.budget.hold(scope.steps.count);
    const identity = identityOf(column.labels);
    if (identity === null) return;
    const known = found.get(identity);
    if (known === undefined) found.set(identity, [column]);
    else known.push(column);
  });
  return found;
}

/** So that only those are read that can describe anything. */
function identityMatchers(described: readonly Column[]): readonly LabelMatcher[] {
  return identifyingLabels.map((name) => {
    const values = new Set(described.map(({ labels }) => labels.get(name)));
    return { name, operator: '=~', value: [...values].sort().map(quotedPattern).join('|') };
  });
}

function quotedPattern(text: string): string {
  return text.replaceAll(/[\\.+*?()|[\]{}^$]/g, String.raw`\$&`);
}
