import type { SeverityLevel } from '#shared/model/severity.ts';
import type { Manner, NotificationPolicy, PolicyRule } from '#shared/notify/model.ts';
import { timesOf } from './notification-checks.ts';
import { usual, type NotificationValues, type Usual } from './notification-keys.ts';

/** The policy that the keys of notifications come to. Pure. */

export function policyOf(values: NotificationValues): NotificationPolicy {
  const { repeat, louderAfter, sound, zone, quietHours, policy } = values;
  const manner = (level: SeverityLevel): Manner => ({
    sound: sound[level],
    repeatMs: repeat[level],
    louderAfterMs: louderAfter[level],
  });
  return {
    usual: { critical: manner('critical'), warning: manner('warning'), info: manner('info') },
    quietHours: quietHours.map((quiet) => ({
      severities: quiet.severities,
      times: timesOf(quiet, zone) ?? [],
    })),
    rules: policy.map((rule) => ruleOf(rule, zone)),
  };
}

function ruleOf(values: NotificationValues['policy'][number], zone: string): PolicyRule {
  const { when, tell, throughQuietHours, sound, repeat, louderAfter } = values;
  return {
    conditions: {
      severities: when.severities.length === 0 ? null : when.severities,
      matchers: when.matchers,
      view: when.view === '' ? null : when.view,
      times: timesOf(when, zone),
    },
    tell: said(tell),
    throughQuiet: throughQuietHours === 'yes',
    sound: said(sound),
    repeatMs: said(repeat),
    louderAfterMs: said(louderAfter),
  };
}

function said<const Value extends string | number>(value: Value): Exclude<Value, Usual> | null {
  // What is left once the word is taken out.
  return value === usual ? null : (value as Exclude<Value, Usual>);
}
