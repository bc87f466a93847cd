import type { IncidentSigns } from '#shared/model/incident-signs.ts';
import type { IncidentRow } from '#shared/model/incident.ts';
import { minuteMs } from '#shared/time.ts';
import { useTimed } from '../../app.ts';
import styles from './barcode.module.css';
import { barcodeWidth, barsOf } from './barcode-bars.ts';

interface BarcodeProps {
  readonly row: IncidentRow;
  readonly signs: IncidentSigns | undefined;
  readonly blind: boolean;
  readonly asks: boolean;
}

const stepMs = 5 * minuteMs;
const height = 20;

/** When it fired within the last 24 hours. What it says stands in words too: how often. */
export function Barcode({ row, signs, blind, asks }: BarcodeProps) {
  const nowMs = useTimed((now) => Math.ceil(now / stepMs)) * stepMs;
  const bars = barsOf(row, signs, blind, nowMs);
  const times = (signs?.earlier.length ?? 0) + 1;
  return (
    <>
      <svg
        className={styles.barcode}
        viewBox={`0 0 ${barcodeWidth} ${height}`}
        width={barcodeWidth}
        height={height}
        aria-hidden="true"
      >
        <path className={styles.base} d={`M0 ${height - 0.5}H${barcodeWidth}`} />
        {bars.map(({ from, to, kind }) => (
          <rect
            key={`${kind} ${from}`}
            className={kind === 'now' && asks ? styles[row.severity.level] : styles[kind]}
            x={from}
            width={to - from}
            y={kind === 'unseen' ? 10 : 4}
            height={kind === 'unseen' ? 8 : 14}
          />
        ))}
      </svg>
      <span className="unseen">fired {times === 1 ? 'once' : `${times} times`} in 24 hours</span>
    </>
  );
}
