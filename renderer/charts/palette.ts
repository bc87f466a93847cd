/** The tokens a canvas needs, read from the stylesheet: the canvas knows no custom properties. */
export interface ChartPalette {
  readonly ink: string;
  readonly support: string;
  readonly label: string;
  readonly line: string;
  readonly axis: string;
  readonly surface: string;
  readonly blind: string;
  readonly severity: Readonly<Record<'critical' | 'warning' | 'info', string>>;
  readonly series: readonly string[];
  readonly monoFont: string;
  readonly sansFont: string;
}

export function readPalette(element: Element): ChartPalette {
  const style = getComputedStyle(element);
  const token = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    ink: token('t1'),
    support: token('t2'),
    label: token('t3'),
    line: token('line'),
    axis: token('line2'),
    surface: token('s1'),
    blind: token('blind'),
    severity: { critical: token('crit'), warning: token('warn'), info: token('info') },
    series: Array.from({ length: 10 }, (_none, index) => token(`series${index}`)),
    monoFont: `11px ${token('font-mono')}`,
    sansFont: `620 11px ${token('font-sans')}`,
  };
}

/** The nth of an ordered family: the last is the strongest. */
export function orderedInk(palette: ChartPalette, index: number): string {
  return [palette.label, palette.support, palette.ink][Math.min(2, index)] ?? palette.ink;
}

/** Colour and dash of the nth unrelated series: the ten colours, then again dashed. */
export function seriesStroke(
  palette: ChartPalette,
  index: number,
): { readonly colour: string; readonly dash: number[] } {
  const dashes = [[], [6, 3], [2, 3]];
  const colour = palette.series[index % palette.series.length] ?? palette.ink;
  return { colour, dash: dashes[Math.min(2, Math.floor(index / palette.series.length))] ?? [] };
}
