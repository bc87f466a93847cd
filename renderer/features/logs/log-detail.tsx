import { useEffect, useMemo, useRef } from 'react';
import type { Labels } from '#shared/model/labels.ts';
import type { LogLine } from '#shared/model/log.ts';
import { plainText } from '#shared/text.ts';
import { useApp } from '../../app.ts';
import { partsOf, visibleText } from '../../parts/log-text.ts';
import { changeLogs } from '../../stores/logs.ts';
import { classes } from '../../ui/classes.ts';
import { KeyChip } from '../../ui/key-chip.tsx';
import { fieldsOf, isTraceId, type LogField } from './log-fields.ts';
import styles from './log-grid.module.css';
import { useLogs } from './use-logs.ts';

/** The most of a line that is laid out at once. */
const maxCharacters = 20_000;

interface LogDetailProps {
  readonly line: LogLine;
  readonly stream: Labels;
  readonly needles: readonly string[];
}

/** The line whole, and its fields in two columns with what can be done with the one under the cursor. */
export function LogDetail({ line, stream, needles }: LogDetailProps) {
  const app = useApp();
  const chosen = useLogs((state) => state.field);
  const { fields, left } = useMemo(() => fieldsOf(line, stream), [line, stream]);
  const whole = line.cutFrom === 0 ? line.text.length : line.cutFrom;
  return (
    <div className={styles.detail} role="row">
      <div role="gridcell">
        <pre className={styles.whole} aria-label="The line whole" tabIndex={0}>
          {partsOf(visibleText(line.text, maxCharacters), needles).map((part, index) =>
            part.isMatch ? <mark key={index}>{part.text}</mark> : part.text,
          )}
        </pre>
        {whole <= maxCharacters && line.cutFrom === 0 ? null : (
          <p className={styles.left}>
            {`Shown: the first ${Math.min(maxCharacters, line.text.length)} of ${whole} characters.`}
          </p>
        )}
        <dl className={styles.fields} aria-label="Fields of the line" tabIndex={0}>
          {fields.map((field, index) => (
            <FieldRow
              key={index}
              field={field}
              chosen={index === chosen}
              onChoose={() => changeLogs(app.logs, { field: index })}
            />
          ))}
        </dl>
        {left === 0 ? null : <p className={styles.left}>{`${left} more fields are not shown.`}</p>}
      </div>
    </div>
  );
}

interface FieldRowProps {
  readonly field: LogField;
  readonly chosen: boolean;
  readonly onChoose: () => void;
}

function FieldRow({ field, chosen, onChoose }: FieldRowProps) {
  const row = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (chosen) row.current?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);
  const hasTrace = isTraceId(field);
  return (
    <div
      ref={row}
      className={classes(styles.field, chosen && styles.chosen)}
      aria-current={chosen}
      onClick={onChoose}
    >
      <dt title={originOf[field.from]}>{plainText(field.name, 200)}</dt>
      <dd>
        <span className={classes(styles.value, hasTrace && styles.trace)}>
          {visibleText(field.value, 500)}
        </span>
        {!chosen ? null : (
          <span className={styles.actions}>
            <KeyChip chord="f" /> only this <KeyChip chord="F" /> not this
          </span>
        )}
        {hasTrace ? (
          <span className={styles.actions}>
            <KeyChip chord="t" /> trace
          </span>
        ) : null}
      </dd>
    </div>
  );
}

const originOf = {
  line: 'Of the line itself',
  parsed: 'Made of the line by the query',
  metadata: 'Structured metadata',
  stream: 'Label of the stream',
} as const;
