import type { Chart, Series } from '#shared/model/series.ts';
import { plainText } from '#shared/text.ts';
import { formatClock } from '#shared/time.ts';
import { formatMeasure } from '../charts/measure.ts';
import type { PlotReading } from '../charts/plot.tsx';
import { classes } from '../ui/classes.ts';
import styles from './chart-legend.module.css';
import { useFitting } from './use-fitting.ts';

export interface LegendLook {
  readonly names: readonly string[];
  /** Why the samples are old, or empty. */
  readonly cause: string;
  /** As a table with the highest value, beside the plot. */
  readonly table: boolean;
  /** The series are one ordered family: their swatches are strengths of ink. */
  readonly ordered?: boolean;
}

interface ChartLegendProps extends LegendLook {
  readonly chart: Chart;
  readonly reading: PlotReading | null;
}

const maxShown = 8;

/** Each series' value under the crosshair, else its last. What is left out is counted, never cut. */
export function ChartLegend(props: ChartLegendProps) {
  return (
    <div className={props.table ? styles.tableWrap : undefined}>
      {props.table ? <LegendTable {...props} /> : <LegendLine {...props} />}
      {props.cause === '' ? null : (
        <p className={styles.cause} title={plainText(props.cause, 300)}>
          {plainText(props.cause, 200)}
        </p>
      )}
    </div>
  );
}

function LegendLine({ chart, names, reading, ordered = false }: ChartLegendProps) {
  const alone = chart.series.length === 1;
  const entries = chart.series.slice(0, maxShown).map((one, index) => ({
    name: alone ? '' : (names[index] ?? ''),
    value: valueAt(one, index, reading),
  }));
  const { ref, fitting } = useFitting<HTMLDivElement>(entries.length);
  const left = totalOf(chart) - Math.min(entries.length, fitting);
  return (
    <div className={styles.line}>
      <span className={styles.more}>{timeOf(reading)}</span>
      <div ref={ref} className={styles.entries}>
        {entries.map(({ name, value }, index) => (
          <span key={index} className={styles.entry}>
            <Swatch index={index} alone={alone} ordered={ordered} />
            {name === '' ? null : <span className={styles.name}>{name}</span>}
            <strong>{value}</strong>
          </span>
        ))}
      </div>
      {left > 0 ? <span className={styles.more}>+{left}</span> : null}
    </div>
  );
}

function LegendTable({ chart, names, reading }: ChartLegendProps) {
  const shown = chart.series.slice(0, maxShown);
  const left = totalOf(chart) - shown.length;
  return (
    <>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">Series</th>
            <th scope="col">{reading === null ? 'Last' : timeOf(reading)}</th>
            <th scope="col">Max</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((one, index) => (
            <tr key={index}>
              <th scope="row">
                <Swatch index={index} alone={chart.series.length === 1} />
                {names[index]}
              </th>
              <td>{valueAt(one, index, reading)}</td>
              <td className={styles.faint}>{formatMeasure(Math.max(...one.values))}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {left > 0 ? <p className={styles.more}>+{left}</p> : null}
    </>
  );
}

function totalOf(chart: Chart): number {
  return Math.max(chart.seriesTotal, chart.series.length);
}

function timeOf(reading: PlotReading | null): string {
  return reading === null ? 'last' : formatClock(reading.atMs);
}

function valueAt(one: Series, index: number, reading: PlotReading | null): string {
  if (reading === null) return one.values.length === 0 ? '–' : formatMeasure(one.values.at(-1) ?? 0);
  const value = reading.values[index] ?? null;
  return value === null ? '–' : formatMeasure(value);
}

interface SwatchProps {
  readonly index: number;
  readonly alone: boolean;
  readonly ordered?: boolean;
}

function Swatch({ index, alone, ordered = false }: SwatchProps) {
  const inks = [styles.faintInk, styles.softInk, styles.ink];
  return (
    <span
      className={classes(
        styles.swatch,
        alone ? styles.ink : ordered ? inks[Math.min(2, index)] : styles[`series${index % 10}`],
      )}
      aria-hidden="true"
    />
  );
}
