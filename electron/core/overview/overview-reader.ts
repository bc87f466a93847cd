import * as v from 'valibot';
import type { SourceFailure } from '#shared/failure.ts';
import { goldenSignals, overviewSchema, type Overview, type OverviewPanel } from '#shared/model/overview.ts';
import { success, type Result } from '#shared/result.ts';
import { minuteMs } from '#shared/time.ts';
import { serviceLabels, signalSources } from './golden-signals.ts';

/**
 * Finds out which services there are and which panels each can have, by asking every fresh source of
 * metrics what it holds. What was found last is kept, so that the dashboard is there when no source is.
 */
export interface CatalogueSource {
  readonly name: string;
  readonly isFresh: () => boolean;
  /** Values of a label among the series of any of the selectors. */
  readonly labelValues: (
    label: string,
    selectors: readonly string[],
    signal: AbortSignal,
  ) => Promise<Result<readonly string[], SourceFailure>>;
}

/** Keeps one text by its name. */
export interface Keepsake {
  putText(name: string, text: string): Promise<unknown>;
  text(name: string): Promise<string | null>;
}

export interface OverviewReaderOptions {
  readonly sources: () => readonly CatalogueSource[];
  readonly keepsake: Keepsake;
  readonly nowMs: () => number;
}

const keptAs = 'overview';
const trustMs = minuteMs;
const maxServices = 24;

interface FoundPanels {
  readonly panels: readonly OverviewPanel[];
  /** What is left out, in words; empty for nothing. */
  readonly left: string;
}

export class OverviewReader {
  readonly #options: OverviewReaderOptions;
  #found: (FoundPanels & { readonly atMs: number; readonly of: string }) | null = null;

  constructor(options: OverviewReaderOptions) {
    this.#options = options;
  }

  /** The panels there are: found now, or found last with a note that says why. */
  async read(signal: AbortSignal): Promise<Overview> {
    const { sources, nowMs, keepsake } = this.#options;
    const all = sources();
    const fresh = all.filter((source) => source.isFresh());
    if (fresh.length === 0) return this.#known(all.length === 0);
    const names = JSON.stringify(fresh.map(({ name }) => name));
    const found = this.#found;
    const away = all.filter((source) => !fresh.includes(source)).map(({ name }) => name);
    const awayNote =
      away.length === 0 ? '' : `${away.join(', ')} out of sight: the services found there last.`;
    if (found !== null && found.of === names && nowMs() - found.atMs < trustMs)
      return { panels: [...found.panels], note: `${awayNote} ${found.left}`.trim() };
    const panels: OverviewPanel[] = [];
    const left: string[] = [];
    for (const source of fresh) {
      const read = await panelsOf(source, signal);
      if (!read.ok) return this.#lastFound(`${source.name}: ${read.failure.message}`);
      panels.push(...read.value.panels);
      if (read.value.left > 0) left.push(`${read.value.left} more services of ${source.name} are not shown.`);
    }
    // What a source had is not gone with it: its services are those that one looks for now.
    if (away.length > 0)
      panels.push(...(await this.#lastFound('')).panels.filter(({ source }) => away.includes(source)));
    if (panels.length === 0 && away.length > 0) return { panels: [], note: awayNote };
    if (panels.length === 0) {
      return { panels: [], note: 'No source has a metric that tells a golden signal of a service.' };
    }
    this.#found = { panels, atMs: nowMs(), of: names, left: left.join(' ') };
    await keepsake.putText(keptAs, JSON.stringify({ panels, note: '' }));
    return { panels, note: `${awayNote} ${left.join(' ')}`.trim() };
  }

  #known(nothingConfigured: boolean): Promise<Overview> {
    return this.#lastFound(
      nothingConfigured ? 'No Prometheus is configured.' : 'No source of metrics answers.',
    );
  }

  /** What was found last, by this core or one before it. */
  async #lastFound(reason: string): Promise<Overview> {
    if (this.#found !== null) return { panels: [...this.#found.panels], note: reason };
    const text = await this.#options.keepsake.text(keptAs);
    const kept = v.safeParse(v.pipe(v.string(), v.parseJson(), overviewSchema), text);
    return { panels: kept.success ? kept.output.panels : [], note: reason };
  }
}

async function panelsOf(
  source: CatalogueSource,
  signal: AbortSignal,
): Promise<Result<Assembled, SourceFailure>> {
  const wanted = [...new Set(signalSources.map(({ metric }) => metric))];
  const present = await source.labelValues('__name__', [`{__name__=~"${wanted.join('|')}"}`], signal);
  if (!present.ok) return present;
  const metrics = new Set(present.value);
  const servicesOf = new Map<string, { readonly label: string; readonly services: readonly string[] }>();
  for (const metric of wanted.filter((name) => metrics.has(name))) {
    for (const label of serviceLabels) {
      const services = await source.labelValues(label, [metric], signal);
      if (!services.ok) return services;
      if (services.value.length === 0) continue;
      servicesOf.set(metric, { label, services: services.value });
      break;
    }
  }
  return success(assembled(source.name, servicesOf));
}

interface Assembled {
  readonly panels: readonly OverviewPanel[];
  /** Services that are left out. */
  readonly left: number;
}

/** For each service the first panel of each signal; the services with most panels first. */
function assembled(
  source: string,
  servicesOf: ReadonlyMap<string, { readonly label: string; readonly services: readonly string[] }>,
): Assembled {
  const byService = new Map<string, OverviewPanel[]>();
  for (const { signal, metric, title, unit, expressions } of signalSources) {
    const having = servicesOf.get(metric);
    for (const service of having?.services ?? []) {
      const panels = byService.get(service) ?? [];
      byService.set(service, panels);
      if (panels.some((panel) => panel.signal === signal)) continue;
      const selector = `${having?.label ?? 'service'}=${JSON.stringify(service)}`;
      const id = `${source}/${service}/${signal}`;
      panels.push({ id, service, signal, title, unit, source, expressions: [...expressions(selector)] });
    }
  }
  const order = (panel: OverviewPanel): number => goldenSignals.indexOf(panel.signal);
  const panels = [...byService]
    .toSorted(([, left], [, right]) => right.length - left.length)
    .slice(0, maxServices)
    .flatMap(([, own]) => own.toSorted((left, right) => order(left) - order(right)));
  return { panels, left: Math.max(0, byService.size - maxServices) };
}
