import type { Labels } from '#shared/model/labels.ts';
import { mutedNow } from '#shared/routing/muted-until.ts';
import type { Route, RoutingConfiguration } from '#shared/routing/model.ts';
import { routesOf } from '#shared/routing/routes-of.ts';

/**
 * Which alerts one configuration mutes by time. Routes are looked up only while a route is muted, and once an
 * alert: which routes its labels take changes with the configuration alone.
 */

/** More alerts than any console holds at a time. */
const mostRemembered = 100_000;
const nobody: readonly string[] = [];

/** Alerts that take the same routes; what mutes all of them, while nothing turns. */
interface TakenTogether {
  readonly routes: readonly Route[];
  mutedBy: readonly string[];
}

export class TimeMutes {
  readonly #configuration: RoutingConfiguration;
  /** Each set of intervals that some route has, once. */
  readonly #timed: readonly Route[];
  /** By the intervals of a route: the names that mute it now, empty for none. */
  #now = new Map<string, readonly string[]>();
  readonly #byFingerprint = new Map<string, TakenTogether>();
  readonly #together = new Map<string, TakenTogether>();

  constructor(configuration: RoutingConfiguration, atMs: number) {
    this.#configuration = configuration;
    const timed = new Map(routesIn(configuration.root).map((route) => [intervalsOf(route), route]));
    timed.delete(noIntervals);
    this.#timed = [...timed.values()];
    this.turn(atMs);
  }

  /** @returns whether what is muted may be otherwise now. */
  turn(atMs: number): boolean {
    const { timeIntervals } = this.#configuration;
    const now = new Map(
      this.#timed.map((route) => [intervalsOf(route), mutedNow(route, timeIntervals, atMs).by] as const),
    );
    const hasTurned = [...now].some(([key, by]) => by.join('\n') !== this.#now.get(key)?.join('\n'));
    if (!hasTurned) return false;
    this.#now = now;
    for (const taken of this.#together.values()) taken.mutedBy = this.#muting(taken.routes);
    return true;
  }

  /** What mutes an alert on every route that it takes; undefined where its routes are still to be found. */
  known(fingerprint: string): readonly string[] | undefined {
    if (this.#isQuiet()) return nobody;
    return this.#byFingerprint.get(fingerprint)?.mutedBy;
  }

  /** The same, finding its routes. */
  of(fingerprint: string, labels: Labels): readonly string[] {
    const known = this.known(fingerprint);
    if (known !== undefined) return known;
    const routes = routesOf(this.#configuration.root, labels).map(({ route }) => route);
    const key = routes.map(({ id }) => id).join(' ');
    let together = this.#together.get(key);
    if (together === undefined) {
      together = { routes, mutedBy: this.#muting(routes) };
      this.#together.set(key, together);
    }
    if (this.#byFingerprint.size >= mostRemembered) this.#byFingerprint.clear();
    this.#byFingerprint.set(fingerprint, together);
    return together.mutedBy;
  }

  #isQuiet(): boolean {
    for (const by of this.#now.values()) if (by.length > 0) return false;
    return true;
  }

  /** An alert that is told on one of its routes is not muted, whatever holds on the others. */
  #muting(routes: readonly Route[]): readonly string[] {
    const names = new Set<string>();
    for (const route of routes) {
      const by = this.#now.get(intervalsOf(route)) ?? nobody;
      if (by.length === 0) return nobody;
      for (const name of by) names.add(name);
    }
    return [...names];
  }
}

const noIntervals = intervalsOf({ muteTimeIntervals: [], activeTimeIntervals: [] });

function intervalsOf(route: Pick<Route, 'muteTimeIntervals' | 'activeTimeIntervals'>): string {
  return JSON.stringify([route.muteTimeIntervals, route.activeTimeIntervals]);
}

function routesIn(root: Route | null): readonly Route[] {
  return root === null ? [] : [root, ...root.routes.flatMap(routesIn)];
}
