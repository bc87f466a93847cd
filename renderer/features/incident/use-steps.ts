import { useMemo, useState } from 'react';
import { stepStates, type RunbookStep, type StepState } from '#shared/model/runbook.ts';
import { drop } from '#shared/result.ts';
import { checkStep } from '../../actions/runbook.ts';
import { useApp, useLive } from '../../app.ts';
import type { Steps } from '../../parts/task-item.tsx';

/** A tick on its way: it holds until the timeline says something newer of its step. */
interface Pending {
  readonly state: StepState;
  /** What was known of the step when it was given. */
  readonly before: number | undefined;
}

const none: ReadonlyMap<string, Pending> = new Map();

/** The steps of an incident's runbook as its timeline has them, and at once what was just ticked here. */
export function useSteps(incidentId: number): Steps {
  const app = useApp();
  const timeline = useLive(({ incident }) =>
    incident?.id === incidentId ? incident.detail?.timeline : undefined,
  );
  const known = useMemo(() => stepStates(timeline ?? []), [timeline]);
  const [given, setGiven] = useState(none);
  return useMemo(() => {
    const states = new Map(known);
    for (const [digest, { state, before }] of given) {
      if (known.get(digest)?.atMs === before) states.set(digest, state);
    }
    const check = (step: RunbookStep, isDone: boolean): void => {
      const by = app.live.getState().console?.operator ?? '';
      const pending = { state: { isDone, by, atMs: Date.now() }, before: known.get(step.digest)?.atMs };
      setGiven((all) => new Map(all).set(step.digest, pending));
      const kept = checkStep(app, incidentId, step, isDone).then((isKept) => {
        if (!isKept) setGiven((all) => without(all, step.digest, pending));
      });
      drop(kept, 'tells its own failure');
    };
    return { states, check };
  }, [app, incidentId, known, given]);
}

function without(
  all: ReadonlyMap<string, Pending>,
  digest: string,
  refused: Pending,
): ReadonlyMap<string, Pending> {
  if (all.get(digest) !== refused) return all;
  return new Map([...all].filter(([key]) => key !== digest));
}
