import { goQuote } from '#shared/gotemplate/quoting.ts';
import { formatFloat } from '#shared/gotemplate/float-format.ts';
import type { CallSite } from '../../evaluate/context.ts';

/** What functions of ranges tell beside their answer, in the words of Prometheus 3; Prometheus 2.42 told nothing. */

type NamedSite = CallSite & { readonly metricName: string };

const counterSuffixes = ['_total', '_sum', '_count', '_bucket'] as const;

export function remarkIfNoCounter(site: NamedSite): void {
  const { metricName } = site;
  if (metricName === '' || counterSuffixes.some((suffix) => metricName.endsWith(suffix))) return;
  const words = 'metric might not be a counter, name does not end in _total/_sum/_count/_bucket';
  remark(site, 'info', `PromQL info: ${words}: ${goQuote(metricName)}`);
}

export function remarkOfOverlap(site: NamedSite): void {
  const words = 'sample has start time that overlaps with previous sample timestamp for metric';
  remark(site, 'warning', `PromQL warning: ${words} ${goQuote(site.metricName)}`);
}

export function remarkOfQuantile(site: CallSite, share: number): void {
  const words = 'quantile value should be between 0 and 1, got';
  remark(site, 'warning', `PromQL warning: ${words} ${formatFloat(share, 'g', null)}`);
}

/** At the first argument as written, which is where Prometheus points. */
function remark(site: CallSite, level: 'warning' | 'info', message: string): void {
  if (site.context.options.semantics === 'v2') return;
  site.context.annotate(level, message, site.arguments[0]?.span ?? site.span);
}
