import { MemorySource } from '#shared/promql/model/memory-source.ts';
import { classOf, type EvaluationClass } from './classify.ts';
import { runEvaluation, type Verdict } from './run-evaluation.ts';
import { readScript } from './read-script.ts';
import type { Evaluation } from './script.ts';
import { loadInto } from './storage.ts';

/** Runs a file of engine tests: each evaluation over what the lines before it have loaded. */
export interface RunEvaluation {
  readonly evaluation: Evaluation;
  readonly class: EvaluationClass;
  readonly verdict: Verdict;
}

export function runScript(text: string): readonly RunEvaluation[] {
  let source = new MemorySource();
  const run: RunEvaluation[] = [];
  for (const statement of readScript(text)) {
    if (statement.kind === 'clear') source = new MemorySource();
    else if (statement.kind === 'load') loadInto(source, statement);
    else
      run.push({
        evaluation: statement,
        class: classOf(statement, source),
        verdict: runEvaluation(source, statement),
      });
  }
  return run;
}
