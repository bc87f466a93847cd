import { useEffect, useMemo, useRef } from 'react';
import type { TraceOutline } from '#shared/model/trace.ts';
import { plainText } from '#shared/text.ts';
import { serviceColour } from '../../parts/service-colour.ts';
import { formatDuration } from '../../parts/trace-duration.ts';
import { pathByRow, placeOf } from '../../stores/trace-look.ts';
import type { TraceLook } from '../../stores/traces.ts';
import { Minimap } from './minimap.tsx';
import { SpanRow } from './span-row.tsx';
import styles from './trace.module.css';
import { headPx, rowPx, waterfallId } from './traces-commands.ts';
import { useSightOf } from './use-scroll.ts';
import { takeFocus } from '../../ui/take-focus.ts';

interface WaterfallProps {
  readonly outline: TraceOutline;
  readonly look: TraceLook;
}

/** Rows drawn above and below those in sight. */
const spareRows = 8;
const maxLegend = 12;

/** The spans as rows of a tree beside their bars. Only rows in sight are in the document. */
export function Waterfall({ outline, look }: WaterfallProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const { topPx, heightPx } = useSightOf(scroller);
  const path = useMemo(() => pathByRow(outline), [outline]);
  const found = useMemo(() => new Set(look.found), [look.found]);
  const { rows, cursor } = look;
  const place = placeOf(rows, cursor);
  const first = Math.max(0, Math.floor(topPx / rowPx) - spareRows);
  const last = Math.min(rows.length, Math.ceil((topPx + heightPx) / rowPx) + spareRows);

  useEffect(() => takeFocus(scroller.current), []);
  useEffect(() => {
    const box = scroller.current;
    if (box === null) return;
    const at = place * rowPx;
    if (at < box.scrollTop) box.scrollTop = at;
    else if (at + rowPx + headPx > box.scrollTop + box.clientHeight) {
      box.scrollTop = at + rowPx + headPx - box.clientHeight;
    }
    // After a click on nothing the focus is on the page itself: moving the cursor brings it back.
    if (document.activeElement === document.body) box.focus({ preventScroll: true });
  }, [place]);

  return (
    <section className={styles.waterfall} aria-label="Waterfall">
      <div className={styles.overview}>
        <Legend services={outline.services} />
        <Minimap outline={outline} look={look} />
      </div>
      <div
        ref={scroller}
        id={waterfallId}
        className={styles.rows}
        role="treegrid"
        aria-label="Spans"
        aria-rowcount={rows.length + 1}
        aria-activedescendant={`${waterfallId}-${cursor}`}
        tabIndex={0}
      >
        <div className={styles.rowsHead} role="row" aria-rowindex={1}>
          <span role="columnheader">Service and operation</span>
          <span role="columnheader" aria-label="Time" className={styles.scale}>
            <Scale fromNs={look.fromNs} toNs={look.toNs} />
          </span>
        </div>
        <div className={styles.rowsBody} role="rowgroup" style={{ height: rows.length * rowPx }}>
          {Array.from(rows.subarray(first, last), (row, index) => (
            <SpanRow
              key={row}
              outline={outline}
              path={path}
              row={row}
              place={first + index}
              topPx={(first + index) * rowPx}
              fromNs={look.fromNs}
              toNs={look.toNs}
              isCursor={row === cursor}
              isFolded={look.folds[row] === 1}
              isFound={found.has(row)}
            />
          ))}
        </div>
      </div>
    </section>
  );
}

function Legend({ services }: { readonly services: readonly string[] }) {
  const others = services.length - maxLegend;
  return (
    <ul className={styles.legend} aria-label="Services">
      {services.slice(0, maxLegend).map((service) => (
        <li key={service} style={{ borderColor: serviceColour(service) }}>
          {service === '' ? 'no service' : plainText(service, 24)}
        </li>
      ))}
      {others > 0 ? <li>+{others}</li> : null}
    </ul>
  );
}

const ticks = [0, 0.2, 0.4, 0.6, 0.8, 1] as const;

function Scale({ fromNs, toNs }: Pick<TraceLook, 'fromNs' | 'toNs'>) {
  return ticks.map((share) => {
    const atNs = fromNs + share * (toNs - fromNs);
    return (
      <span key={share} data-last={share === 1} style={{ left: `${share * 100}%` }}>
        {atNs === 0 ? '0' : formatDuration(atNs)}
      </span>
    );
  });
}
