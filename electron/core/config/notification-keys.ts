import { severityLevels, type SeverityLevel } from '#shared/model/severity.ts';
import { maxViewName } from '#shared/model/view.ts';
import { defaultPolicy, notificationSounds } from '#shared/notify/model.ts';
import type { LabelMatcher } from '#shared/routing/matchers/label-matcher.ts';
import { readMatchers } from '#shared/routing/matchers/read-matchers.ts';
import { acceptedRanges, readRange, readTimeOfDay } from '#shared/routing/time/read-ranges.ts';
import type { Range } from '#shared/routing/time/time-interval.ts';
import { zoneNamed } from '#shared/routing/time/zone.ts';
import { dayMs, minuteMs } from '#shared/time.ts';
import { parseDuration } from './duration.ts';
import { choice, list, mapping, parsedText, text } from './key-readers.ts';
import type { KeySpec, KeySpecs, ValuesOf } from './key-readers.ts';
import { checkQuietTimes, checkRule, checkTimes } from './notification-checks.ts';
import { nameMistake } from './value-checks.ts';

/** The keys by which a person says of what, when and how loudly they are notified. */

const maxRules = 100;
const maxQuietHours = 20;

const nothing = { value: null, text: 'none' };

/** Matchers in one text, as Alertmanager writes them; at least one of them. */
export function matchersKey(description: string): KeySpec<readonly LabelMatcher[] | null> {
  return parsedText<readonly LabelMatcher[] | null>({
    type: 'matchers',
    accepted: 'matchers as Alertmanager writes them, such as team="db", severity=~"critical|page"',
    description,
    fallback: nothing,
    parse: (value) => {
      const read = value.length > 4_096 ? null : readMatchers(value);
      return read?.ok === true && read.value.length > 0 ? read.value : null;
    },
  });
}

function timeOfDay(description: string): KeySpec<number | null> {
  return parsedText<number | null>({
    type: 'time of day',
    accepted: 'a time from "00:00" to "24:00", in quotes',
    description,
    fallback: nothing,
    parse: readTimeOfDay,
  });
}

const weekdays: KeySpec<readonly Range[]> = list(
  parsedText<Range>({
    type: 'weekdays',
    accepted: acceptedRanges.weekdays,
    description: '',
    fallback: null,
    parse: (value) => {
      const read = readRange('weekdays', value);
      return read.ok ? read.value : null;
    },
  }),
  {
    type: 'list of texts',
    accepted: `a list of weekdays: ${acceptedRanges.weekdays}`,
    description: 'The days on which these times begin.',
    minItems: 1,
    maxItems: 7,
    fallback: { value: [], text: 'every day' },
  },
);

const severity: KeySpec<SeverityLevel> = choice(severityLevels, { description: '', fallback: null });

function severities(fallback: readonly SeverityLevel[], what: string, description: string) {
  return list(severity, {
    type: 'list of choices',
    accepted: `a list of ${severityLevels.join(', ')}`,
    description,
    minItems: 1,
    maxItems: severityLevels.length,
    fallback: { value: fallback, text: what },
  });
}

const times = {
  from: timeOfDay('When they begin.'),
  to: timeOfDay('When they end; on the next day where this is not after `from`.'),
  weekdays,
} satisfies KeySpecs;

const quietKeys = {
  ...times,
  severities: severities(
    ['warning', 'info'],
    '[warning, info]',
    'What is held; what is critical breaks through unless it is named here.',
  ),
} satisfies KeySpecs;

const conditionKeys = {
  severities: severities([], 'any', 'Of any of these severities.'),
  matchers: matchersKey('Holds where one of its alerts has all of these labels.'),
  view: text({
    accepted: 'the name of a saved view',
    description: 'In this saved view. One that is not there holds for nothing.',
    fallback: { value: '', text: 'none' },
    refuse: (value) => (value.length > maxViewName ? `found ${value.length} characters` : nameMistake(value)),
  }),
  ...times,
} satisfies KeySpecs;

/** `usual` in a rule leaves it to what holds for the severity. */
export const usual = 'usual' as const;
export type Usual = typeof usual;

function durationOr<Word>(word: Word, as: string, description: string): KeySpec<number | Word> {
  return parsedText<number | Word>({
    type: 'duration',
    accepted: `${as === 'off' ? 'off' : 'usual, off'}, or a duration from 1m to 1d, such as 5m`,
    description,
    fallback: { value: word, text: as },
    parse: (value) => {
      if (value === as) return word;
      if (value === 'off') return 0;
      const ms = parseDuration(value);
      return ms !== null && ms >= minuteMs && ms <= dayMs ? ms : null;
    },
  });
}

const ruleKeys = {
  when: mapping(
    conditionKeys,
    {
      accepted: 'a map of severities, matchers, view, from, to and weekdays',
      description: 'All of these have to hold.',
      fallback: {
        value: { severities: [], matchers: null, view: '', from: null, to: null, weekdays: [] },
        text: 'always',
      },
    },
    checkTimes,
  ),
  tell: choice([usual, 'now', 'held', 'never'], {
    description:
      '`held`: while these times hold, then told with the others. `never`: it is in the inbox, and no more.',
    fallback: { value: usual, text: usual },
  }),
  throughQuietHours: choice(['no', 'yes'], {
    description: 'Whether quiet hours do not count.',
    fallback: { value: 'no', text: 'no' },
  }),
  sound: choice([usual, ...notificationSounds], {
    description: 'What is heard.',
    fallback: { value: usual, text: usual },
  }),
  repeat: durationOr<Usual>(usual, usual, 'How long after a notification the next one comes.'),
  louderAfter: durationOr<Usual>(
    usual,
    usual,
    'How long after its first notification it is told a step louder.',
  ),
} satisfies KeySpecs;

function bySeverity<Value>(
  key: (level: SeverityLevel) => KeySpec<Value>,
  spec: { readonly description: string; readonly text: string; readonly of: (level: SeverityLevel) => Value },
) {
  const { description, text: written, of } = spec;
  return mapping(
    { critical: key('critical'), warning: key('warning'), info: key('info') },
    {
      accepted: 'a map of critical, warning and info',
      description,
      fallback: {
        value: { critical: of('critical'), warning: of('warning'), info: of('info') },
        text: written,
      },
    },
  );
}

function off(description: (level: SeverityLevel) => string): (level: SeverityLevel) => KeySpec<number> {
  return (level) => durationOr<0>(0, 'off', description(level));
}

export const notificationKeys = {
  repeat: bySeverity(
    off(
      (level) =>
        `How long after its notification an incident of severity ${level} is notified again while nobody has taken it.`,
    ),
    { description: 'Notifies again until somebody takes the incident.', text: 'off', of: () => 0 },
  ),
  louderAfter: bySeverity(
    off(
      (level) =>
        `How long after its first notification an incident of severity ${level} is told again, a step louder.`,
    ),
    { description: 'Tells again, louder, what nobody has taken.', text: 'off', of: () => 0 },
  ),
  sound: bySeverity(
    (level) =>
      choice(notificationSounds, {
        description: `What is heard with one of severity ${level}.`,
        fallback: { value: defaultPolicy.usual[level].sound, text: defaultPolicy.usual[level].sound },
      }),
    {
      description: 'What is heard with a notification.',
      text: 'the defaults below',
      of: (level) => defaultPolicy.usual[level].sound,
    },
  ),
  zone: parsedText<string>({
    type: 'zone',
    accepted: 'Local, UTC, or a name of the tz database such as Europe/Berlin',
    description: 'The zone of all times of day below.',
    fallback: { value: 'local', text: 'Local' },
    parse: zoneNamed,
  }),
  quietHours: list(
    mapping(
      quietKeys,
      { accepted: 'a map with from and to', description: '', fallback: null },
      checkQuietTimes,
    ),
    {
      type: 'list of maps',
      accepted: 'a list of maps with from, to, weekdays and severities',
      description: 'Holds notifications; when it ends, what still fires is told in one.',
      minItems: 0,
      maxItems: maxQuietHours,
      fallback: { value: [], text: '[]' },
    },
  ),
  policy: list(
    mapping(
      ruleKeys,
      { accepted: 'a map with when and what follows', description: '', fallback: null },
      checkRule,
    ),
    {
      type: 'list of maps',
      accepted: 'a list of maps with when, tell, throughQuietHours, sound, repeat and louderAfter',
      description: 'Rules in order: the first whose conditions hold decides, and leaves the rest as usual.',
      minItems: 0,
      maxItems: maxRules,
      fallback: { value: [], text: '[]' },
    },
  ),
} satisfies KeySpecs;

export type NotificationValues = ValuesOf<typeof notificationKeys>;

export const noNotificationValues: NotificationValues = {
  repeat: { critical: 0, warning: 0, info: 0 },
  louderAfter: { critical: 0, warning: 0, info: 0 },
  sound: {
    critical: defaultPolicy.usual.critical.sound,
    warning: defaultPolicy.usual.warning.sound,
    info: defaultPolicy.usual.info.sound,
  },
  zone: 'local',
  quietHours: [],
  policy: [],
};
