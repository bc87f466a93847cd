import { memo, type ReactNode } from 'react';
import { spanFlags, type TraceOutline } from '#shared/model/trace.ts';
import { plainText } from '#shared/text.ts';
import { useApp } from '../../app.ts';
import { Glyph } from '../../parts/glyphs.tsx';
import { serviceColour } from '../../parts/service-colour.ts';
import { formatDuration } from '../../parts/trace-duration.ts';
import { withFold, type PathByRow } from '../../stores/trace-look.ts';
import { classes } from '../../ui/classes.ts';
import styles from './trace.module.css';
import { changeLook, waterfallId } from './traces-commands.ts';

interface SpanRowProps {
  readonly outline: TraceOutline;
  readonly path: PathByRow;
  readonly row: number;
  /** Among the rows that are shown. */
  readonly place: number;
  readonly topPx: number;
  readonly fromNs: number;
  readonly toNs: number;
  readonly isCursor: boolean;
  readonly isFolded: boolean;
  readonly isFound: boolean;
}

/** Levels that are indented; deeper ones say their depth. */
const maxIndent = 16;
const indentPx = 12;

export const SpanRow = memo(function SpanRow(props: SpanRowProps) {
  const { outline, row, place, topPx, isCursor, isFolded } = props;
  const app = useApp();
  const hasChildren = (outline.descendants[row] ?? 0) > 0;
  return (
    <div
      id={`${waterfallId}-${row}`}
      role="row"
      aria-rowindex={place + 2}
      aria-level={(outline.depths[row] ?? 0) + 1}
      aria-expanded={hasChildren ? !isFolded : undefined}
      aria-selected={isCursor}
      className={styles.row}
      style={{ transform: `translateY(${topPx}px)` }}
      onClick={() => changeLook(app, (_outline, look) => ({ ...look, cursor: row }))}
      onDoubleClick={() =>
        changeLook(app, (shown, look) => withFold(shown, look, row, look.folds[row] === 0))
      }
    >
      <NameCell {...props} />
      <BarCell {...props} />
    </div>
  );
});

function NameCell({ outline, row, isFolded, isFound }: SpanRowProps) {
  const app = useApp();
  const depth = outline.depths[row] ?? 0;
  const flags = outline.flags[row] ?? 0;
  const below = outline.descendants[row] ?? 0;
  const service = outline.services[outline.serviceOf[row] ?? -1] ?? '';
  const operation = outline.operations[outline.operationOf[row] ?? -1] ?? '';
  return (
    <span
      role="gridcell"
      className={styles.name}
      title={`${plainText(service, 200)}: ${plainText(operation, 500)}`}
    >
      <span className={styles.indent} style={{ width: Math.min(depth, maxIndent) * indentPx }} />
      {depth > maxIndent ? <span className={styles.faint}>{depth}</span> : null}
      <span
        className={styles.fold}
        aria-hidden="true"
        onClick={(event) => {
          event.stopPropagation();
          changeLook(app, (shown, look) => withFold(shown, look, row, !isFolded));
        }}
      >
        {below === 0 ? '' : isFolded ? '▸' : '▾'}
      </span>
      <span className={styles.tick} style={{ background: serviceColour(service) }} />
      <span className="unseen">{plainText(service, 80)}: </span>
      <span className={classes(styles.operation, isFound && styles.found, operation === '' && styles.faint)}>
        {plainText(operation, 200) || 'no name'}
      </span>
      {(flags & spanFlags.error) === 0 ? null : (
        <Mark words="error">
          <Glyph name="critical" />
        </Mark>
      )}
      {(flags & spanFlags.warning) === 0 ? null : (
        <Mark words="warning">
          <Glyph name="warning" outlined />
        </Mark>
      )}
      {(flags & spanFlags.orphan) === 0 ? null : <span className={styles.faint}>no parent</span>}
      {isFolded ? <span className={styles.faint}>+{below}</span> : null}
    </span>
  );
}

function Mark({ words, children }: { readonly words: string; readonly children: ReactNode }) {
  return (
    <span className={styles.mark} title={words}>
      {children}
      <span className="unseen"> {words}</span>
    </span>
  );
}

function BarCell({ outline, path, row, fromNs, toNs }: SpanRowProps) {
  const start = outline.offsetNs[row] ?? 0;
  const duration = outline.durationsNs[row] ?? 0;
  const colour = serviceColour(outline.services[outline.serviceOf[row] ?? -1] ?? '');
  const left = shareOf(start, fromNs, toNs);
  const right = shareOf(start + duration, fromNs, toNs);
  const isOut = start > toNs || start + duration < fromNs;
  return (
    <span role="gridcell" className={styles.time}>
      {isOut ? null : (
        <span
          className={styles.bar}
          style={{ left: `${left * 100}%`, width: `${(right - left) * 100}%`, background: colour }}
        />
      )}
      {criticalParts(outline, path, row, fromNs, toNs).map(([from, to]) => (
        <span
          key={from}
          className={styles.critical}
          style={{ left: `${from * 100}%`, width: `${(to - from) * 100}%`, background: colour }}
        />
      ))}
      <DurationLabel left={left} right={right} text={formatDuration(duration)} />
    </span>
  );
}

/** Parts that are nearer than this share of the width are drawn as one. */
const joinShare = 0.001;

/** The shown parts of a row that lie on the critical path, as shares of the width; the last first. */
function criticalParts(
  outline: TraceOutline,
  { at, order }: PathByRow,
  row: number,
  fromNs: number,
  toNs: number,
): readonly (readonly [number, number])[] {
  const parts: [number, number][] = [];
  for (const part of order.subarray(at[row] ?? 0, at[row + 1] ?? 0)) {
    const partFrom = outline.criticalFromNs[part] ?? 0;
    const partTo = outline.criticalToNs[part] ?? 0;
    if (partFrom > toNs || partTo < fromNs) continue;
    const from = shareOf(partFrom, fromNs, toNs);
    const to = shareOf(partTo, fromNs, toNs);
    const after = parts.at(-1);
    // The path is walked backward: what comes next lies before.
    if (after !== undefined && after[0] - to < joinShare) after[0] = Math.min(after[0], from);
    else parts.push([from, to]);
  }
  return parts;
}

/** Beside the bar where there is room, right of it first; else over its end, on a pad. */
function DurationLabel({
  left,
  right,
  text,
}: {
  readonly left: number;
  readonly right: number;
  readonly text: string;
}) {
  if (right <= 0.86) {
    return (
      <span className={styles.duration} style={{ left: `${right * 100}%` }}>
        {text}
      </span>
    );
  }
  const isWide = left < 0.14;
  return (
    <span
      className={classes(styles.duration, isWide && styles.over)}
      style={{ right: isWide ? 0 : `${(1 - left) * 100}%` }}
    >
      {text}
    </span>
  );
}

/** Where a moment lies in what is shown, from 0 to 1: a bar never reaches beyond the cell. */
function shareOf(atNs: number, fromNs: number, toNs: number): number {
  return Math.min(1, Math.max(0, (atNs - fromNs) / (toNs - fromNs)));
}
