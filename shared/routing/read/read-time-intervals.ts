import { acceptedRanges, readRange, readTimeOfDay, type RangeKind } from '../time/read-ranges.ts';
import type { NamedInterval, Range, TimeInterval } from '../time/time-interval.ts';
import { zoneNamed } from '../time/zone.ts';
import { pathOf, quotedName, type ProblemList } from './check-shape.ts';
import { entryOf, isNull, itemsOf, textOf, type ConfigNode, type MapNode } from './node.ts';

/** Both of the fields that name time intervals; their names are one set. */
export function readTimeIntervals(configuration: MapNode, problems: ProblemList): readonly NamedInterval[] {
  const named: NamedInterval[] = [];
  const names = new Set<string>();
  for (const key of ['mute_time_intervals', 'time_intervals']) {
    for (const [index, node] of itemsOf(entryOf(configuration, key)).entries()) {
      if (node.kind !== 'map') continue;
      const field = `${key}[${index}]`;
      const name = textOf(entryOf(node, 'name'));
      if (name !== '' && names.has(name)) {
        const message = `there is another time interval ${quotedName(name)}`;
        problems.report(
          entryOf(node, 'name')?.at ?? node.at,
          pathOf(field, 'name'),
          message,
          'each name once',
        );
        continue;
      }
      names.add(name);
      const intervals = itemsOf(entryOf(node, 'time_intervals')).map((interval, place) =>
        readInterval(interval, `${field}.time_intervals[${place}]`, problems),
      );
      named.push({ name, line: node.at.line, intervals });
    }
  }
  return named;
}

function readInterval(node: ConfigNode, field: string, problems: ProblemList): TimeInterval {
  const ranges = (kind: RangeKind): readonly Range[] | null =>
    readList(
      node,
      kind,
      (item, path) => {
        const range = readRange(kind, textOf(item));
        if (range.ok) return range.value;
        problems.report(item.at, path, range.failure, acceptedRanges[kind]);
        return null;
      },
      field,
    );
  return {
    times: readList(node, 'times', (item, path) => readTimes(item, path, problems), field),
    weekdays: ranges('weekdays'),
    daysOfMonth: ranges('days_of_month'),
    months: ranges('months'),
    years: ranges('years'),
    zone: readZone(entryOf(node, 'location'), pathOf(field, 'location'), problems),
  };
}

/** A range that cannot be read, or is nothing, holds no moment. */
function readList(
  node: ConfigNode,
  key: string,
  read: (item: ConfigNode, path: string) => Range | null,
  field: string,
): readonly Range[] | null {
  const list = entryOf(node, key);
  if (list === undefined) return null;
  const path = pathOf(field, key);
  return itemsOf(list).flatMap((item, index) => {
    const range = isNull(item) ? null : read(item, `${path}[${index}]`);
    return range === null ? [] : [range];
  });
}

function readTimes(item: ConfigNode, path: string, problems: ProblemList): Range | null {
  if (item.kind !== 'map') return null;
  const [from, to] = ['start_time', 'end_time'].map((key) => {
    const node = entryOf(item, key);
    const minute = readTimeOfDay(textOf(node));
    if (minute === null)
      problems.report(node?.at ?? item.at, pathOf(path, key), 'this is no time of day', '00:00 to 24:00');
    return minute;
  });
  if (from === null || from === undefined || to === null || to === undefined) return null;
  if (from < to) return { from, to };
  problems.report(
    item.at,
    path,
    'it ends before it begins',
    'an end_time after the start_time; midnight is 24:00',
  );
  return null;
}

function readZone(node: ConfigNode | undefined, path: string, problems: ProblemList): string {
  const zone = zoneNamed(textOf(node));
  if (zone !== null) return zone;
  const accepted = 'a name of the tz database such as Europe/Berlin, or UTC, or Local';
  if (node !== undefined) problems.report(node.at, path, 'there is no such time zone', accepted);
  return 'UTC';
}
