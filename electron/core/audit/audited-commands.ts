import type { CommandName, Commands } from '#shared/contract.ts';
import { incidentName } from '#shared/model/incident.ts';
import type { InputOf } from '#shared/rpc/definition.ts';
import { silenceText } from '#shared/silences/compile-silence.ts';

/**
 * How each command of a person is told in the audit trail. A command that is in neither list is told by its
 * name: one that was forgotten here is in the trail all the same.
 */
export interface AuditRule<Input> {
  /** As the trail calls it. */
  readonly action: string;
  /** What it was done to. */
  readonly target: (input: Input) => string;
  readonly detail: (input: Input) => string;
  /**
   * Whether what does it tells its success itself, in the transaction that does it; then only what came to
   * nothing is told here.
   */
  readonly tellsSuccess: boolean;
  /** Whether this input does anything at all that is to be told. */
  readonly counts: (input: Input) => boolean;
}

type Rules = { readonly [Name in CommandName]?: AuditRule<InputOf<Commands[Name]>> };

const nothing = (): string => '';
const mostNamed = 20;

function listOf(names: readonly string[]): string {
  const named = names.slice(0, mostNamed).join(', ');
  return names.length <= mostNamed ? named : `${named} and ${names.length - mostNamed} more`;
}

interface OfIncidents {
  readonly ids: readonly number[];
}

/** A verdict on incidents: the desk tells of each. */
function verdict(action: string): AuditRule<OfIncidents> {
  return {
    action,
    target: ({ ids }) => listOf(ids.map(incidentName)),
    detail: nothing,
    tellsSuccess: true,
    counts: always,
  };
}

const always = (): boolean => true;

function told<Input>(
  action: string,
  target: (input: Input) => string,
  more: Partial<AuditRule<Input>> = {},
): AuditRule<Input> {
  return { action, target, detail: nothing, tellsSuccess: false, counts: always, ...more };
}

export const auditRules = {
  'incident.acknowledge': verdict('acknowledge'),
  'incident.release': verdict('release'),
  'incident.snooze': verdict('snooze'),
  'incident.wake': verdict('wake'),
  'incident.assign': verdict('assign'),
  'incident.markNoise': verdict('mark noise'),
  'incident.merge': verdict('merge'),
  'incident.unmerge': verdict('unmerge'),
  'incident.rejoin': verdict('rejoin'),
  'incident.note': verdict('note'),
  'incident.split': told('split', ({ id }) => incidentName(id), { tellsSuccess: true }),
  'incident.close': verdict('close'),
  'incident.reopen': verdict('undo close'),
  'runbook.check': told('tick step', ({ id }) => incidentName(id), {
    detail: ({ step }) => step.text,
    tellsSuccess: true,
  }),
  'silence.save': told(
    'silence save',
    ({ draft, cluster }) => `${cluster} {${silenceText(draft.matchers)}}`,
    {
      tellsSuccess: true,
    },
  ),
  'silence.expire': told('silence expire', ({ keys }) => listOf(keys), { tellsSuccess: true }),
  'outbox.withdraw': told('outbox withdraw', ({ id }) => id, { tellsSuccess: true }),
  'outbox.retry': told('outbox retry', ({ id }) => id, { tellsSuccess: true }),
  'outbox.settle': told('outbox settle', ({ id }) => id, {
    detail: ({ choice }) => choice,
    tellsSuccess: true,
  }),
  'notifications.pause': told('pause notifications', nothing, { tellsSuccess: true }),
  'views.save': told('save views', nothing, { tellsSuccess: true }),
  'rules.reload': told('reload rules', nothing),
  'settings.saveSource': told('save source', ({ draft }) => draft.name, {
    detail: ({ draft, replaces }) => {
      const address = `${draft.kind} at ${draft.url}`;
      return replaces === null || replaces === draft.name ? address : `${address}, was ${replaces}`;
    },
  }),
  'settings.removeSource': told('remove source', ({ name }) => name),
  'source.test': told('try source', ({ draft }) => draft.name, {
    detail: ({ secretsTo }) => `secrets may go to ${secretsTo.join(', ')}`,
    // Trying changes nothing; agreeing where a secret may go is a person's word.
    counts: ({ secretsTo }) => secretsTo.length > 0,
  }),
  'notice.dismiss': told('put notice away', ({ id }) => id),
  'audit.export': told('export audit trail', nothing),
} satisfies Rules;

/** They ask, and change nothing that lasts. */
export const readingCommands: ReadonlySet<CommandName> = new Set([
  'incident.chart',
  'incident.logs',
  'incident.traces',
  'incident.runbook',
  // The timeline tells that a notification was opened; it is a look.
  'notification.opened',
  'logs.query',
  'logs.volume',
  'logs.context',
  'logs.labels',
  'logs.labelValues',
  'logs.fields',
  'logs.patterns',
  'logs.size',
  'logs.tail',
  'traces.services',
  'traces.operations',
  'traces.search',
  'traces.open',
  'traces.span',
  'traces.find',
  'traces.dependencies',
  'overview.read',
  'metrics.chart',
  'metrics.query',
  'metrics.explain',
  'routing.tree',
  'routing.read',
  'routing.explain',
  'silence.preview',
  'silence.suggest',
  'source.poll',
  'source.describe',
  'settings.read',
]);
