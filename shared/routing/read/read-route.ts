import { parsePrometheusDuration } from '#shared/gotemplate/durations.ts';
import { hourMs, minuteMs, secondMs } from '#shared/time.ts';
import type { MatcherMode } from '../matchers/read-matchers.ts';
import { isLabelName } from '../matchers/read-matchers.ts';
import type { Route } from '../model.ts';
import { pathOf, quotedName, type ProblemList } from './check-shape.ts';
import { entryOf, isNull, isOn, itemsOf, textOf, type ConfigNode, type MapNode } from './node.ts';
import { readMatchersOf } from './read-matchers-of.ts';

/** What a route has that does not say otherwise. Source: prometheus/alertmanager dispatch/route.go. */
const defaults: Inherited = {
  receiver: '',
  groupBy: [],
  groupWaitMs: 30 * secondMs,
  groupIntervalMs: 5 * minuteMs,
  repeatIntervalMs: 4 * hourMs,
};
type Inherited = Pick<Route, 'receiver' | 'groupBy' | 'groupWaitMs' | 'groupIntervalMs' | 'repeatIntervalMs'>;

/** Names that a route may use. */
export interface KnownNames {
  readonly receivers: ReadonlySet<string>;
  readonly timeIntervals: ReadonlySet<string>;
}

const matcherKeys = { equal: 'match', pattern: 'match_re', list: 'matchers' };

/** Reads the tree of routes, what they inherit filled in. */
export class RouteReader {
  readonly #names: KnownNames;
  readonly #mode: MatcherMode;
  readonly #problems: ProblemList;
  #nextId = 0;

  constructor(names: KnownNames, mode: MatcherMode, problems: ProblemList) {
    this.#names = names;
    this.#mode = mode;
    this.#problems = problems;
  }

  readRoot(map: MapNode): Route {
    const field = 'route';
    const root = this.#read(map, field, defaults);
    if (root.receiver === '')
      this.#problems.report(map.at, field, 'the root route has no receiver', 'a receiver for all alerts');
    if (root.matchers.length > 0)
      this.#problems.report(
        map.at,
        field,
        'the root route has matchers',
        'a root route that takes every alert',
      );
    for (const key of ['mute_time_intervals', 'active_time_intervals']) {
      const [first] = itemsOf(entryOf(map, key));
      if (first === undefined) continue;
      const message = 'the root route cannot be muted by time';
      this.#problems.report(first.at, pathOf(field, key), message, 'time intervals at the routes below it');
    }
    return root;
  }

  #read(map: MapNode, field: string, above: Inherited): Route {
    const id = this.#nextId++;
    const receiver = textOf(entryOf(map, 'receiver'));
    const own: Inherited = {
      receiver: receiver === '' ? above.receiver : this.#known(map, 'receiver', field, receiver),
      groupBy: this.#readGroupBy(map, field) ?? above.groupBy,
      groupWaitMs: this.#readDuration(map, 'group_wait', field, true) ?? above.groupWaitMs,
      groupIntervalMs: this.#readDuration(map, 'group_interval', field, false) ?? above.groupIntervalMs,
      repeatIntervalMs: this.#readDuration(map, 'repeat_interval', field, false) ?? above.repeatIntervalMs,
    };
    const muteTimeIntervals = this.#readNames(map, 'mute_time_intervals', field);
    const activeTimeIntervals = this.#readNames(map, 'active_time_intervals', field);
    const { matchers, unreadable } = readMatchersOf(map, matcherKeys, field, this.#mode, this.#problems);
    const routes = itemsOf(entryOf(map, 'routes')).flatMap((child, index) =>
      this.#readChild(child, `${pathOf(field, 'routes')}[${index}]`, own),
    );
    const goesOn = isOn(entryOf(map, 'continue'));
    const { line } = map.at;
    return { id, line, ...own, matchers, unreadable, goesOn, muteTimeIntervals, activeTimeIntervals, routes };
  }

  #readChild(child: ConfigNode, field: string, above: Inherited): readonly Route[] {
    if (child.kind === 'map') return [this.#read(child, field, above)];
    if (isNull(child)) this.#problems.report(child.at, field, 'a route is missing here', 'a map');
    return [];
  }

  #known(map: MapNode, key: string, field: string, receiver: string): string {
    if (!this.#names.receivers.has(receiver)) {
      const at = entryOf(map, key)?.at ?? map.at;
      const message = `there is no receiver ${quotedName(receiver)}`;
      this.#problems.report(at, pathOf(field, key), message, listOf(this.#names.receivers));
    }
    return receiver;
  }

  #readNames(map: MapNode, key: string, field: string): readonly string[] {
    return itemsOf(entryOf(map, key)).map((item, index) => {
      const name = textOf(item);
      if (!this.#names.timeIntervals.has(name)) {
        const message = `there is no time interval ${quotedName(name)}`;
        const path = `${pathOf(field, key)}[${index}]`;
        this.#problems.report(item.at, path, message, listOf(this.#names.timeIntervals));
      }
      return name;
    });
  }

  /** Null where it is not given: an empty list says nothing either. */
  #readGroupBy(map: MapNode, field: string): Route['groupBy'] | null {
    const items = itemsOf(entryOf(map, 'group_by'));
    const names: string[] = [];
    let isAll = false;
    for (const [index, item] of items.entries()) {
      const name = textOf(item);
      const path = `${pathOf(field, 'group_by')}[${index}]`;
      if (name === '...') isAll = true;
      else if (!isLabelName(name, this.#mode))
        this.#problems.report(item.at, path, `${quotedName(name)} is no label name`, 'a label name, or ...');
      else if (names.includes(name))
        this.#problems.report(item.at, path, `${quotedName(name)} stands here twice`, 'each label once');
      else names.push(name);
    }
    const [first] = items;
    if (first !== undefined && isAll && names.length > 0) {
      const message = '... groups by all labels, so none can stand beside it';
      this.#problems.report(first.at, pathOf(field, 'group_by'), message, '... or label names');
    }
    return isAll ? 'all' : names.length > 0 ? names : null;
  }

  #readDuration(map: MapNode, key: string, field: string, mayBeZero: boolean): number | null {
    const node = entryOf(map, key);
    const ms = parsePrometheusDuration(textOf(node));
    if (ms === 0 && node !== undefined && !mayBeZero)
      this.#problems.report(node.at, pathOf(field, key), 'this cannot be zero', 'a duration above 0s');
    return ms;
  }
}

function listOf(names: ReadonlySet<string>): string {
  return names.size === 0 ? 'a name that is defined; none is' : [...names].slice(0, 50).join(', ');
}
