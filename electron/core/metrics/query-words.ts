import { commandFailure, type CommandFailure } from '#shared/failure.ts';
import type { MissingSamples, QueryAnswer } from '#shared/model/query.ts';
import type { QueryProblem } from '#shared/promql/problem.ts';
import type { ThreadAnswer } from './query-threads.ts';

/** How it is said that a query has no answer, and why. */

export function unknownAnswer(reason: string, missing: readonly MissingSamples[]): QueryAnswer {
  return {
    origin: { kind: 'unknown', reason },
    result: null,
    warnings: [],
    infos: [],
    missing: [...missing],
  };
}

/** What a server says may be a sentence of its own. */
export function joined(reason: string, more: string): string {
  return `${reason.replace(/\.$/, '')}; ${more}`;
}

/** In words that continue a sentence. */
export function missingText(missing: readonly MissingSamples[]): string {
  const [first] = missing;
  if (first === undefined) return 'nothing is kept of it';
  const [from, to] = [first.missingFromMs, first.missingToMs].map(momentText);
  const more = missing.length === 1 ? '' : `, nor all of ${missing.length - 1} more selectors`;
  const what = first.isSummarised ? 'is kept as aggregates only' : 'is not kept';
  return `${first.selector} ${what} from ${from} to ${to}${more}`;
}

/** An `@` can ask for times that no date can tell: seconds since 1970. */
function momentText(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? `${ms / 1_000} s` : date.toISOString();
}

const codeOfProblem = {
  'bad-data': 'invalid-input',
  execution: 'invalid-input',
  'not-supported': 'not-supported',
  limit: 'overloaded',
  timeout: 'deadline-exceeded',
  cancelled: 'cancelled',
} as const satisfies Record<QueryProblem['kind'], CommandFailure['code']>;

const nextStepOf: Readonly<Record<QueryProblem['kind'], string>> = {
  'bad-data': 'Correct the query.',
  execution: 'Change the query so that its sides match.',
  'not-supported': 'Ask it while the server answers, or ask otherwise.',
  limit: 'Ask for fewer series, a shorter range or a coarser step.',
  timeout: 'Ask for fewer series, a shorter range or a coarser step.',
  cancelled: 'Ask again if it is still wanted.',
};

export function refusal({ kind, message }: QueryProblem): CommandFailure {
  return commandFailure(codeOfProblem[kind], sentence(message), nextStepOf[kind]);
}

function sentence(text: string): string {
  return text.endsWith('.') ? text : `${text}.`;
}

const codeOfCause = { cancelled: 'cancelled', busy: 'overloaded', broken: 'internal' } as const;

export function unanswered({
  cause,
  message,
}: Extract<ThreadAnswer, { kind: 'unanswered' }>): CommandFailure {
  return commandFailure(codeOfCause[cause], sentence(message), 'Ask again.');
}
