import { readFile } from 'node:fs/promises';
import { hourMs, minuteMs } from '#shared/time.ts';
import { AlertBook } from './alertmanager/alert-book.ts';
import { readConfiguration, type Configuration } from './alertmanager/routing.ts';
import { SilenceBook } from './alertmanager/silence-book.ts';
import { readRuleFile, type RuleGroup } from './rules/rule-file.ts';
import { RuleManager } from './rules/rule-manager.ts';
import { Scraper } from './scraper.ts';
import { SeriesStore } from './series-store.ts';
import { hashOf } from './simulation/random.ts';
import type { Schedule, ScheduleOptions } from './simulation/schedule.ts';
import { createSimulation, type Simulation } from './simulation/simulation.ts';

/**
 * The demo fleet without its servers: the simulated platform is scraped, rules are evaluated and alerts
 * are held, all by the time that `advanceTo` is told. `main.ts` gives it the clock and serves it.
 */
export interface FleetOptions extends ScheduleOptions {
  readonly resources: FleetResources;
  /** When the fleet comes up; the hours before are made up at once. */
  readonly startAtMs: number;
  /** The address of the demo's Prometheus, for links in alerts. */
  readonly prometheusUrl: () => string;
}

export interface FleetResources {
  readonly rules: readonly RuleGroup[];
  readonly alertmanager: Configuration;
}

export interface Fleet {
  readonly simulation: Simulation;
  readonly schedule: Schedule;
  readonly store: SeriesStore;
  readonly scraper: Scraper;
  readonly rules: RuleManager;
  readonly alerts: AlertBook;
  readonly silences: SilenceBook;
  /** Lives through the time until then: scrapes, evaluates, sends. */
  advanceTo(nowMs: number): void;
}

/** How long samples, log lines and traces are kept at least. */
export const retentionMs = 3 * hourMs;
/** How far back alerts are known when the fleet comes up or wakes; rules look back an hour more at most. */
const ruleHistoryMs = 1.5 * hourMs;
/** More than the rules write in the time that samples are kept. */
const derivedCapacity = (1.25 * retentionMs) / (minuteMs / 4);

/** @param folder where the demo's rule file and Alertmanager configuration lie. */
export async function readResources(folder: URL): Promise<FleetResources> {
  const [rules, alertmanager] = await Promise.all(
    ['rules/platform.yml', 'alertmanager.yml'].map((name) => readFile(new URL(name, folder), 'utf8')),
  );
  return {
    rules: readRuleFile('/etc/prometheus/rules/platform.yml', rules ?? ''),
    alertmanager: readConfiguration(alertmanager ?? ''),
  };
}

export function createFleet(options: FleetOptions): Fleet {
  const { resources, startAtMs, prometheusUrl, seed } = options;
  const simulation = createSimulation(options);
  const store = new SeriesStore();
  const scraper = new Scraper(store, simulation.targets, startAtMs - retentionMs, retentionMs);
  const silences = new SilenceBook();
  const alerts = new AlertBook(resources.alertmanager, silences);
  const rules = new RuleManager({
    store,
    groups: resources.rules,
    externalLabels: { cluster: 'demo' },
    externalUrl: prometheusUrl,
    capacity: derivedCapacity,
    send: (sent, atMs) => alerts.receive(sent, atMs),
  });
  addStandingSilence(silences, seed, startAtMs);
  return {
    simulation,
    schedule: simulation.schedule,
    store,
    scraper,
    rules,
    alerts,
    silences,
    advanceTo(nowMs) {
      scraper.scrapeTo(nowMs);
      rules.evaluateTo(nowMs, nowMs - ruleHistoryMs);
    },
  };
}

/** The archive volume is nearly full, and somebody has said that this is known. */
function addStandingSilence(silences: SilenceBook, seed: number, startAtMs: number): void {
  const matcher = (name: string, value: string) => ({ name, value, isRegex: false, isEqual: true });
  const sinceMs = startAtMs - 2 * hourMs;
  silences.set(
    {
      id: '',
      matchers: [matcher('alertname', 'DiskSpaceLow'), matcher('mountpoint', '/srv/archive')],
      startsAtMs: sinceMs,
      endsAtMs: startAtMs + 22 * hourMs,
      createdBy: 'm.lind',
      comment: 'Archive is moved to the new volume on Thursday',
    },
    sinceMs,
    uuidOf(seed),
  );
}

/** The same id for the same seed, so that a restarted demo shows the silence that was there before. */
function uuidOf(seed: number): string {
  const hex = [0, 1, 2, 3]
    .map((part) => hashOf(seed, 'silence', part).toString(16).padStart(8, '0'))
    .join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
}
