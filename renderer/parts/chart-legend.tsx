import type { Chart, Series } from '#shared/model/series.ts';
import { plainText } from '#shared/text.ts';
import { formatClock } from '#shared/time.ts';
import { formatMeasure } from '../charts/measure.ts';
import type { PlotReading } from '../charts/plot.tsx';
import { classes } from '../ui/classes.ts';
import styles from './chart-legend.module.css';

interface ChartLegendProps {
  readonly chart: Chart;
  readonly names: readonly string[];
  readonly reading: PlotReading | null;
  /** Why the samples are old, or empty. */
  readonly cause: string;
  /** As a table with the highest value, beside the plot. */
  readonly table: boolean;
}

const maxInLine = 4;
const maxInTable = 8;

/** Each series' value under the crosshair, else its last. What is left out is counted, never cut. */
export function ChartLegend({ chart, names, reading, cause, table }: ChartLegendProps) {
  const shown = chart.series.slice(0, table ? maxInTable : maxInLine);
  const left = Math.max(chart.seriesTotal, chart.series.length) - shown.length;
  const time = reading === null ? 'last' : formatClock(reading.atMs);
  return table ? (
    <div className={styles.tableWrap}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">Series</th>
            <th scope="col">{reading === null ? 'Last' : time}</th>
            <th scope="col">Max</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((one, index) => (
            <tr key={index}>
              <th scope="row">
                <Swatch index={index} alone={chart.series.length === 1} />
                <span className={styles.name}>{names[index]}</span>
              </th>
              <td>{valueAt(one, index, reading)}</td>
              <td className={styles.faint}>{formatMeasure(Math.max(...one.values))}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {left > 0 ? <p className={styles.more}>+{left}</p> : null}
    </div>
  ) : (
    <div className={styles.line}>
      <span className={styles.more}>{time}</span>
      {shown.map((one, index) => (
        <span key={index} className={styles.entry}>
          <Swatch index={index} alone={chart.series.length === 1} />
          {chart.series.length === 1 ? null : <span className={styles.name}>{names[index]}</span>}
          <strong>{valueAt(one, index, reading)}</strong>
        </span>
      ))}
      {left > 0 ? <span className={styles.more}>+{left}</span> : null}
      {cause === '' ? null : <span className={styles.cause}>{plainText(cause, 200)}</span>}
    </div>
  );
}

function valueAt(one: Series, index: number, reading: PlotReading | null): string {
  if (reading === null) return one.values.length === 0 ? '–' : formatMeasure(one.values.at(-1) ?? 0);
  const value = reading.values[index] ?? null;
  return value === null ? '–' : formatMeasure(value);
}

function Swatch({ index, alone }: { readonly index: number; readonly alone: boolean }) {
  return (
    <span
      className={classes(styles.swatch, alone ? styles.ink : styles[`series${index % 10}`])}
      aria-hidden="true"
    />
  );
}
