/** The link that a Prometheus puts into its alerts, so that the expression can be read off it again. */
export function graphLinkOf(prometheusUrl: string, expression: string): string {
  const base = prometheusUrl.replace(/\/+$/, '');
  return `${base}/graph?g0.expr=${encodeURIComponent(expression)}&g0.tab=1`;
}
