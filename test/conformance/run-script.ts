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

/** @param isChosen which evaluations are run, by their place in the file; the others are passed over. */
export function runScript(
  text: string,
  isChosen: (place: number) => boolean = () => true,
): readonly RunEvaluation[] {
  let source = new MemorySource();
  let place = 0;
  const run: RunEvaluation[] = [];
  for (const statement of readScript(text)) {
    if (statement.kind === 'clear') source = new MemorySource();
    else if (statement.kind === 'load') loadInto(source, statement);
    else if (isChosen(place++))
      run.push({
        evaluation: statement,
        class: classOf(statement, source),
        verdict: runEvaluation(source, statement),
      });
  }
  return run;
}
