import type { commands } from '#shared/contract.ts';
import { backwardRange, type CommandFailure } from '#shared/failure.ts';
import { expressionOf } from '#core/evidence/expression.ts';
import { incidentChartOf, type KeptDrawings } from '#core/evidence/incident-chart.ts';
import type { KeptEvaluation } from '#core/evidence/kept-chart.ts';
import type { MetricSource } from '#core/evidence/metric-source.ts';
import type { ExpressionBehind } from '#core/incidents/incident-reader.ts';
import type { IncidentDesk } from '#core/incidents/incident-desk.ts';
import type { Notifier } from '#core/notify/notifier.ts';
import type { AlertRecord } from '#core/store/records.ts';
import { failed, success, type Result } from '#shared/result.ts';
import type { Handlers } from '#shared/rpc/server.ts';
import { minuteMs } from '#shared/time.ts';
import type { verdictCommands } from '#shared/verdict-commands.ts';
import { noIncident } from './refusals.ts';

/** Handlers of the commands about incidents. They translate; the desk decides. */
export interface IncidentCommandServices {
  readonly desk: IncidentDesk;
  readonly notifier: Pick<Notifier, 'opened' | 'pause'>;
  readonly drawings: KeptDrawings;
  readonly metricSources: () => readonly MetricSource[];
  readonly queries: KeptEvaluation;
  /** Alerts of an incident in memory or in the journal; undefined where there is no such incident. */
  readonly alertsOf: (id: number) => Promise<readonly AlertRecord[] | undefined>;
  readonly operator: () => string;
  readonly nowMs: () => number;
}

type IncidentCommand =
  | keyof typeof verdictCommands
  | 'incident.chart'
  | 'notification.opened'
  | 'notifications.pause';

export function incidentCommands(
  services: IncidentCommandServices,
): Pick<Handlers<typeof commands>, IncidentCommand> {
  const { desk, operator } = services;
  return {
    'incident.acknowledge': ({ ids, silence }) => desk.acknowledge(ids, operator(), '', silence),
    'incident.release': ({ ids, undo }) => desk.release(ids, operator(), undo),
    'incident.snooze': ({ ids, untilMs, undo }) => desk.snooze(ids, untilMs, operator(), undo),
    'incident.wake': ({ ids, undo }) => desk.wake(ids, operator(), undo),
    'incident.assign': ({ ids, to, undo }) => desk.assign(ids, to, operator(), undo),
    'incident.markNoise': ({ ids, noise, undo }) => desk.markNoise(ids, noise, operator(), undo),
    'incident.merge': ({ ids, into }) => desk.merge(ids, into, operator()),
    'incident.unmerge': ({ ids, undo }) => desk.unmerge(ids, operator(), undo),
    'incident.split': ({ id, fingerprints }) => desk.split(id, fingerprints, operator()),
    'incident.rejoin': ({ ids }) => desk.rejoin(ids, operator()),
    'incident.note': ({ ids, text }) => desk.note(ids, text, operator()),
    'incident.close': ({ ids }) => desk.close(ids, operator()),
    'incident.reopen': ({ ids }) => desk.reopen(ids, operator()),
    'incident.chart': async (input, { signal }) => {
      const alerts = await services.alertsOf(input.id);
      if (alerts === undefined) return failed(noIncident(input.id));
      if (!(input.fromMs < input.toMs)) return failed(backwardRange('Ms'));
      const request = {
        incidentId: input.id,
        ...expressionBehind(alerts),
        fromMs: input.fromMs,
        toMs: input.toMs,
        maxPoints: input.maxPoints,
      };
      const { drawings, metricSources, queries, nowMs } = services;
      const sources = metricSources();
      return success(await incidentChartOf(request, drawings, { sources, queries, nowMs }, signal));
    },
    'notification.opened': async ({ incidentId }): Promise<Result<Record<string, never>, CommandFailure>> => {
      await services.notifier.opened(incidentId, operator());
      return success({});
    },
    'notifications.pause': async ({ minutes }): Promise<Result<Record<string, never>, CommandFailure>> => {
      const untilMs = minutes === null ? null : services.nowMs() + minutes * minuteMs;
      await services.notifier.pause(untilMs, operator());
      return success({});
    },
  };
}

/** What made the oldest alert that tells it. */
export function expressionBehind(alerts: readonly AlertRecord[]): ExpressionBehind {
  const oldestFirst = alerts.toSorted((left, right) => left.startsAtMs - right.startsAtMs);
  const told = oldestFirst.map(({ generatorUrl }) => ({
    generatorUrl,
    expression: expressionOf(generatorUrl),
  }));
  return told.find(({ expression }) => expression !== '') ?? { generatorUrl: '', expression: '' };
}
