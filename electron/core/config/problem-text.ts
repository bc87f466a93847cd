import type { ConfigurationProblem } from '#shared/model/settings.ts';

/**
 * One problem of the configuration as one line, for logs, failures and the command line:
 * `opssight.yaml:7:11 sources[0].kind: found "promethues"; accepted: prometheus, alertmanager`.
 */
export function formatProblem(problem: ConfigurationProblem): string {
  const place = problem.path === '' ? '' : `${problem.path}: `;
  const accepted = problem.accepted === '' ? '' : `; accepted: ${problem.accepted}`;
  return `${problem.file}:${problem.line}:${problem.column} ${place}${problem.message}${accepted}`;
}

export function isError(problem: ConfigurationProblem): boolean {
  return problem.severity === 'error';
}

const quotedLength = 60;

/** A value as a problem quotes it: on one line, without control characters, cut to a bearable length. */
export function quoted(value: string): string {
  const plain = value.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '\uFFFD');
  const characters = Array.from(plain);
  return `"${characters.length > quotedLength ? `${characters.slice(0, quotedLength).join('')}…` : plain}"`;
}
