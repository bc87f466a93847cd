import { matcherText } from '#shared/routing/matchers/label-matcher.ts';
import type { Route, RoutingConfiguration, RoutingProblem } from '#shared/routing/model.ts';
import type { Delivery, PagingAnswer } from '#shared/routing/paging.ts';
import { plainText } from '#shared/text.ts';
import { formatSpan } from '#shared/time.ts';
import type { Labels } from '#shared/model/labels.ts';
import { table } from './table.ts';

/** *Will this page, whom, and when?* in words for a terminal, without what a terminal would obey. */
const mostCharacters = 300;

export function pagingText(
  configuration: RoutingConfiguration,
  answer: PagingAnswer<{ readonly labels: Labels }>,
  nowMs: number,
): string {
  const deliveries = answer.deliveries.map((delivery) => deliveryText(delivery, nowMs));
  return [...refusalLines(configuration.problems), ...deliveries].join('\n');
}

/** Why an Alertmanager would refuse the configuration; nothing where it would not. */
export function refusalLines(problems: readonly RoutingProblem[]): readonly string[] {
  if (problems.length === 0) return [];
  const lines = problems.map(({ line, column, field, message, accepted }) => [
    `${line}:${column}`,
    plainText(field, mostCharacters),
    plainText(message, mostCharacters),
    `accepted: ${plainText(accepted, mostCharacters)}`,
  ]);
  return ['Would be refused by Alertmanager: no server routes by this configuration.', table(lines)];
}

function deliveryText(delivery: Delivery, nowMs: number): string {
  const { receiver, integrations, route, path } = delivery;
  const how = integrations.length === 0 ? '' : ` (${integrations.join(', ')})`;
  const rows = [
    ['path', path.map(routeText).join(' > ')],
    ['grouped by', route.groupBy === 'all' ? 'every label' : route.groupBy.join(', ') || 'nothing'],
    [
      'waits',
      `${formatSpan(route.groupWaitMs)}, then each ${formatSpan(route.groupIntervalMs)} for changes; again after ${formatSpan(route.repeatIntervalMs)}`,
    ],
    ['pages', outcomeText(delivery, nowMs)],
  ];
  const clean = rows.map((row) => row.map((cell) => plainText(cell, 4 * mostCharacters)));
  return `${plainText(receiver, mostCharacters) || 'no receiver'}${how}\n${table(clean)}`;
}

/** Every alert passes the root, which has no matchers to show. */
function routeText(route: Route): string {
  if (route.id === 0) return 'root';
  return `{${route.matchers.map(matcherText).join(', ')}}`;
}

function outcomeText({ outcome, mute, earliestAtMs }: Delivery, nowMs: number): string {
  const zone = mute.isInServerZone ? ' (by the server’s own zone, taken to be the one here)' : '';
  const wait = earliestAtMs === null ? '' : formatSpan(earliestAtMs - nowMs);
  const until = mute.turnsAtMs === null ? '' : ` until ${new Date(mute.turnsAtMs).toISOString()}`;
  switch (outcome) {
    case 'pages':
      return mute.turnsAtMs === null
        ? `in ${wait}`
        : `in ${wait}; muted by time from${until.replace(' until', '')}${zone}`;
    case 'muted':
      return `not now: ${muteText(mute.cause)} ${mute.by.join(', ')}${until}${zone}`;
    case 'inhibited':
      return 'not while what inhibits it fires';
    case 'tells-nobody':
      return 'nobody: the receiver tells nobody';
  }
}

function muteText(cause: Delivery['mute']['cause']): string {
  return cause === 'in-mute-interval' ? 'inside of' : 'outside of';
}
