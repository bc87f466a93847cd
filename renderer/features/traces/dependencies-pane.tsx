import { useMemo } from 'react';
import type { Dependencies } from '#shared/model/trace.ts';
import { plainText } from '#shared/text.ts';
import { formatMeasure } from '../../charts/measure.ts';
import { serviceColour } from '../../parts/service-colour.ts';
import { TraceFailure, TraceUnknown } from '../../parts/trace-note.tsx';
import { classes } from '../../ui/classes.ts';
import { layersOf, type PlacedService } from './dependency-layers.ts';
import styles from './traces.module.css';
import { useDependencies } from './use-search.ts';
import { useTraces } from './use-traces.ts';

const maxDrawn = 100;
const maxListed = 1_000;
const boxWidth = 176;
const boxHeight = 28;
const columnWidth = 272;
const rowHeight = 52;
const edge = 16;

/** Which service calls which, as the server counts it: drawn up to a hundred services, listed beyond. */
export function DependenciesPane() {
  useDependencies();
  const { answer, failure } = useTraces((state) => state.dependencies);
  const services = useMemo(() => layersOf(answer?.links ?? []), [answer]);
  if (answer === null) {
    if (failure === null) return <p className={styles.message}>Asking which service calls which.</p>;
    return <TraceFailure what="Dependencies are not known" failure={failure} />;
  }
  if (answer.origin.kind === 'unknown') {
    return <TraceUnknown what="Not known which service called which" reason={answer.origin.reason} />;
  }
  if (answer.links.length === 0) {
    return <p className={styles.message}>The server counted no calls between services in this range.</p>;
  }
  const drawn = services.length <= maxDrawn;
  return (
    <div className={classes(styles.graph, !drawn && styles.listed)}>
      {drawn ? (
        <div className={styles.drawing} tabIndex={0} role="group" aria-label="Drawing">
          <Graph services={services} links={answer.links} />
        </div>
      ) : (
        <p className={styles.message}>
          {services.length} services are too many to draw; their calls are listed.
        </p>
      )}
      <LinkTable links={answer.links} />
    </div>
  );
}

interface GraphProps {
  readonly services: readonly PlacedService[];
  readonly links: Dependencies['links'];
}

function Graph({ services, links }: GraphProps) {
  const placed = new Map(services.map((service) => [service.name, service]));
  const columns = 1 + Math.max(...services.map(({ layer }) => layer));
  const rows = 1 + Math.max(...services.map(({ place }) => place));
  return (
    <svg
      role="img"
      aria-label={`Calls between ${services.length} services`}
      width={(columns - 1) * columnWidth + boxWidth + 2 * edge}
      height={rows * rowHeight + 2 * edge}
    >
      {links.map(({ parent, child, callCount }) => (
        <Call
          key={`${parent} ${child}`}
          from={placed.get(parent)}
          to={placed.get(child)}
          callCount={callCount}
        />
      ))}
      {services.map((service) => {
        const { x, y } = cornerOf(service);
        return (
          <g key={service.name}>
            <rect x={x} y={y} width={boxWidth} height={boxHeight} rx={2} />
            <line
              x1={x + 1.5}
              x2={x + 1.5}
              y1={y}
              y2={y + boxHeight}
              strokeWidth={3}
              style={{ stroke: serviceColour(service.name) }}
            />
            <text x={x + 12} y={y + 18}>
              <title>{plainText(service.name, 300)}</title>
              {plainText(service.name, 21)}
            </text>
          </g>
        );
      })}
    </svg>
  );
}

function cornerOf({ layer, place }: PlacedService): { readonly x: number; readonly y: number } {
  return { x: edge + layer * columnWidth, y: edge + place * rowHeight + (layer % 2) * 8 };
}

interface CallProps {
  readonly from: PlacedService | undefined;
  readonly to: PlacedService | undefined;
  readonly callCount: number;
}

function Call({ from, to, callCount }: CallProps) {
  if (from === undefined || to === undefined) return null;
  const start = cornerOf(from);
  const end = cornerOf(to);
  const x1 = start.x + boxWidth;
  const y1 = start.y + boxHeight / 2;
  const x2 = end.x;
  const y2 = end.y + boxHeight / 2;
  // A call back to the left, or of a service to itself, goes round below.
  const back = x2 <= x1;
  const bend = back ? 48 : (x2 - x1) / 2;
  const low = back ? rowHeight * 0.7 : 0;
  const line = `M${x1} ${y1}C${x1 + bend} ${y1 + low} ${x2 - bend} ${y2 + low} ${x2 - 6} ${y2}`;
  return (
    <g>
      <path d={line} />
      <path className={styles.head} d={`M${x2} ${y2}l-7 -4v8z`} />
      <text
        className={classes(styles.calls)}
        textAnchor="middle"
        x={(x1 + x2) / 2}
        y={(y1 + y2) / 2 + low * 0.75 - 4}
      >
        {formatMeasure(callCount)}
      </text>
    </g>
  );
}

function LinkTable({ links }: { readonly links: Dependencies['links'] }) {
  const byCalls = links.toSorted((left, right) => right.callCount - left.callCount);
  const others = byCalls.length - maxListed;
  return (
    <div className={styles.links} tabIndex={0} role="region" aria-label="Calls between services">
      <table>
        <thead>
          <tr>
            <th scope="col">Caller</th>
            <th scope="col">Called</th>
            <th scope="col">Calls</th>
          </tr>
        </thead>
        <tbody>
          {byCalls.slice(0, maxListed).map(({ parent, child, callCount }) => (
            <tr key={`${parent} ${child}`}>
              <td>{plainText(parent, 120)}</td>
              <td>{plainText(child, 120)}</td>
              <td>{formatMeasure(callCount)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {others > 0 ? <p className={styles.message}>{others} more are not listed.</p> : null}
    </div>
  );
}
