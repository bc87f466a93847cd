import { useEffect, useMemo, useState } from 'react';
import { millisecondsOf } from '#shared/model/log.ts';
import { spanFlags, type TraceOutline } from '#shared/model/trace.ts';
import { counted, plainText } from '#shared/text.ts';
import { formatClock, formatDateTime } from '#shared/time.ts';
import { findInTrace } from '#shared/traces/find.ts';
import { tellFailure } from '../../actions/toasts.ts';
import { goBack } from '../../actions/view.ts';
import { useApp } from '../../app.ts';
import { Glyph } from '../../parts/glyphs.tsx';
import { TextInput } from '../../parts/text-input.tsx';
import { SourceChoice } from '../../parts/source-choice.tsx';
import { TraceNote } from '../../parts/trace-note.tsx';
import { formatDuration } from '../../parts/trace-duration.ts';
import { Button } from '../../ui/button.tsx';
import { revealed } from '../../stores/trace-look.ts';
import type { ShownTrace, TraceLook } from '../../stores/traces.ts';
import styles from './trace.module.css';
import { chooseSource } from './trace-sources.ts';
import { changeLook, findInputId, tracesActions, waterfallId } from './traces-commands.ts';

interface TraceHeadProps {
  readonly traceId: string;
  readonly trace: ShownTrace | null;
}

/** Which trace this is, how it ended, and what can be done with it. */
export function TraceHead({ traceId, trace }: TraceHeadProps) {
  const app = useApp();
  const outline = trace?.outline ?? null;
  const name = outline?.operations[outline.operationOf[0] ?? -1];
  const failed = ((outline?.flags[0] ?? 0) & spanFlags.error) !== 0;
  return (
    <header className={styles.head}>
      <Button chord="Escape" onClick={() => goBack(app)}>
        Back
      </Button>
      <h1>{name === undefined || name === '' ? 'Trace' : plainText(name, 200)}</h1>
      {outline === null ? null : (
        <span className={styles.status}>
          <Glyph name={failed ? 'critical' : 'ok'} />
          {failed ? 'Error' : 'No error at its root'}
        </span>
      )}
      <code className={styles.id}>{traceId}</code>
      {trace === null || trace.source === null ? null : (
        <SourceChoice
          kind="jaeger"
          value={trace.source}
          chord="J"
          onChoose={(name) => chooseSource(app, name)}
        />
      )}
      {trace === null ? null : (
        <TraceNote origin={trace.origin} failure={trace.failure} askedAtMs={trace.askedAtMs} />
      )}
      <span className={styles.room} />
      {outline === null ? null : (
        <>
          <Button chord="L" onClick={() => tracesActions['trace.logs'].run(app)}>
            Logs
          </Button>
          <Button chord="Y" onClick={() => tracesActions['trace.copy-id'].run(app)}>
            Copy id
          </Button>
        </>
      )}
    </header>
  );
}

interface TraceFactsProps {
  readonly outline: TraceOutline;
  readonly look: TraceLook;
}

/** The trace in numbers, the find, and what the server warned of. */
export function TraceFacts({ outline, look }: TraceFactsProps) {
  const app = useApp();
  const { errors, orphans } = useMemo(() => countsOf(outline), [outline]);
  const beganMs = millisecondsOf(outline.startNs);
  const fraction = String(beganMs % 1_000).padStart(3, '0');
  return (
    <div>
      <div className={styles.facts}>
        <Fact name="took" value={formatDuration(outline.durationNs)} />
        <span className={styles.fact} title={formatDateTime(beganMs)}>
          began <b>{`${formatClock(beganMs)}.${fraction}`}</b>
        </span>
        <Fact name="spans" value={String(outline.spanIds.length)} />
        <Fact name="services" value={String(outline.services.length)} />
        <span className={styles.fact}>
          {errors > 0 ? <Glyph name="critical" /> : null} errors <b>{errors}</b>
        </span>
        {orphans > 0 ? <Fact name="without their parent" value={String(orphans)} /> : null}
        <span className={styles.room} />
        <FindField look={look} />
        <Button chord="v" aria-pressed={look.onlyPath} onClick={() => tracesActions['trace.path'].run(app)}>
          {look.onlyPath ? 'All spans' : 'Only the path'}
        </Button>
      </div>
      <WarningLine warnings={outline.warnings} />
    </div>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <span className={styles.fact}>
      {name} <b>{value}</b>
    </span>
  );
}

function countsOf({ flags }: TraceOutline): { readonly errors: number; readonly orphans: number } {
  let errors = 0;
  let orphans = 0;
  for (const flag of flags) {
    if ((flag & spanFlags.error) !== 0) errors++;
    if ((flag & spanFlags.orphan) !== 0) orphans++;
  }
  return { errors, orphans };
}

const maxWarnings = 20;

/** What the servers warned of: the first at once, the others when asked for. */
function WarningLine({ warnings }: Pick<TraceOutline, 'warnings'>) {
  const [isOpen, setIsOpen] = useState(false);
  const [first] = warnings;
  if (first === undefined) return null;
  const others = warnings.length - 1;
  return (
    <div className={styles.warnings} role="note">
      {warnings.slice(0, isOpen ? maxWarnings : 1).map(({ message, spans }, index) => (
        <p key={message} className={styles.warning}>
          <Glyph name="warning" />
          <span title={plainText(message, 300)}>
            {plainText(message, 300)}
            {spans > 1 ? ` (${spans} spans)` : ''}
          </span>
          {index > 0 || others === 0 ? null : (
            <Button aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
              {isOpen ? 'Only the first' : counted(others, 'other warning')}
            </Button>
          )}
        </p>
      ))}
      {isOpen && others >= maxWarnings ? (
        <p className={styles.warning}>{warnings.length - maxWarnings} more are not listed.</p>
      ) : null}
    </div>
  );
}

/** How long typing must rest before the trace is searched. */
const settleMs = 150;

function FindField({ look }: { readonly look: TraceLook }) {
  const app = useApp();
  const [text, setText] = useState(look.findText);
  useFind(text);
  const focusRows = (): void => document.getElementById(waterfallId)?.focus();
  const at = look.found === null ? -1 : look.found.indexOf(look.cursor);
  return (
    <TextInput
      enterKeyHint="done"
      className={styles.find}
      mono
      low
      aria-label="Find in this trace"
      id={findInputId}
      value={text}
      maxLength={500}
      placeholder="Find"
      onChange={(event) => setText(event.target.value)}
      onKeyDown={(event) => {
        if (event.nativeEvent.isComposing) return;
        if (event.key === 'Enter') focusRows();
        if (event.key !== 'Escape') return;
        event.preventDefault();
        setText('');
        changeLook(app, (_outline, before) => ({ ...before, findText: '', found: null }));
        focusRows();
      }}
    >
      <span role="status">
        {look.found === null ? '' : `${at < 0 ? '' : `${at + 1} of `}${look.found.length}`}
      </span>
    </TextInput>
  );
}

/** Looks for a text in the trace that is open: in this window where it holds it, else in the core. */
function useFind(text: string): void {
  const app = useApp();
  useEffect(() => {
    const write = (found: Float64Array | null): void =>
      changeLook(app, (outline, look) => {
        const next = { ...look, findText: text, found };
        const first = found?.[0];
        return first === undefined || found?.includes(look.cursor) === true
          ? next
          : revealed(outline, next, first);
      });
    const { trace, file } = app.traces.getState();
    if (text === (trace?.look.findText ?? '')) return undefined;
    if (text.trim() === '') {
      write(null);
      return undefined;
    }
    const controller = new AbortController();
    const timer = setTimeout(() => {
      if (trace === null || trace.outline === null) return;
      const { traceId, source, outline } = trace;
      const held = file?.traces.find((one) => one.traceId === traceId);
      if (source === null) return write(held === undefined ? null : findInTrace(held, outline, text));
      void app.core
        .call('traces.find', { source, traceId, text }, { signal: controller.signal })
        .then((answer) => {
          if (controller.signal.aborted) return;
          write(answer.ok ? answer.value.rows : null);
          // That it could not be looked for is not that it is nowhere.
          if (!answer.ok) tellFailure(app, 'search the trace', answer.failure);
        });
    }, settleMs);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [app, text]);
}
