import type { SourceFailure } from '#shared/failure.ts';
import { printSelector } from '#shared/logql/print.ts';
import { labelOf, type Labels } from '#shared/model/labels.ts';
import { success, type Result } from '#shared/result.ts';
import type { LogScopeRequest, LogSource } from './log-source.ts';

/**
 * The streams of the service that an alert is about. Alerts and logs seldom name a service by the same
 * label, so the selector is made only of a name and value that the source really has.
 */

/** Labels that name a service, the most telling first. */
const serviceLabels = ['service', 'service_name', 'app', 'job', 'container'] as const;

/** @returns the selector, or null where the source has no label that names the service. */
export async function serviceSelector(
  source: LogSource,
  labels: Labels,
  range: Omit<LogScopeRequest, 'query'>,
  signal: AbortSignal,
): Promise<Result<string | null, SourceFailure>> {
  const request = { ...range, query: '' };
  const names = await source.labels(request, signal);
  if (!names.ok) return names;
  const known = new Map<string, ReadonlySet<string>>();
  const has = async (name: string, value: string): Promise<Result<boolean, SourceFailure>> => {
    if (value === '' || !names.value.includes(name)) return success(false);
    let values = known.get(name);
    if (values === undefined) {
      const answer = await source.labelValues(name, request, signal);
      if (!answer.ok) return answer;
      known.set(name, (values = new Set(answer.value)));
    }
    return success(values.has(value));
  };
  for (const [name, value] of candidatesOf(labels)) {
    const found = await has(name, value);
    if (!found.ok) return found;
    if (found.value) return success(printSelector([{ name, operator: '=', value }]));
  }
  for (const name of ['namespace', 'pod']) {
    const found = await has(name, labelOf(labels, name));
    if (!found.ok || !found.value) return found.ok ? success(null) : found;
  }
  return success(
    printSelector(
      ['namespace', 'pod'].map((name) => ({ name, operator: '=', value: labelOf(labels, name) })),
    ),
  );
}

/** For each label of the alert that names a service: the same label of the logs, then the others. */
function candidatesOf(labels: Labels): [name: string, value: string][] {
  return serviceLabels.flatMap((said) => {
    const value = labelOf(labels, said);
    if (value === '') return [];
    const others = serviceLabels.filter((name) => name !== said);
    return [said, ...others].map((name): [string, string] => [name, value]);
  });
}
