import { applicationTargets } from './application-targets.ts';
import { createConditions, type Conditions } from './conditions.ts';
import { infrastructureTargets } from './infrastructure-targets.ts';
import { createRequests, type Requests } from './requests.ts';
import { createSchedule, type Schedule, type ScheduleOptions } from './schedule.ts';
import type { Target } from './target.ts';

/**
 * The whole simulated platform for one seed: the schedule of its faults and what can be scraped. It holds
 * no state but caches: every number is computed from the time asked for.
 */
export interface Simulation {
  readonly schedule: Schedule;
  readonly conditions: Conditions;
  /** Single requests, which logs and traces are written from. */
  readonly requests: Requests;
  readonly targets: readonly Target[];
}

export function createSimulation(options: ScheduleOptions): Simulation {
  const schedule = createSchedule(options);
  const conditions = createConditions(schedule);
  return {
    schedule,
    conditions,
    requests: createRequests(options.seed, schedule, conditions),
    targets: [
      ...infrastructureTargets(options.seed, conditions),
      ...applicationTargets(options.seed, conditions),
    ],
  };
}
