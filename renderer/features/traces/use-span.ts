import { useEffect, useMemo, useState } from 'react';
import type { CommandFailure } from '#shared/failure.ts';
import type { SpanDetail, Trace, TraceOutline } from '#shared/model/trace.ts';
import { detailOf } from '#shared/traces/detail.ts';
import { useApp } from '../../app.ts';

interface SpanPlace {
  readonly traceId: string;
  readonly source: string | null;
  readonly outline: TraceOutline;
  readonly row: number;
  /** The trace itself where this window holds it. */
  readonly held: Trace | undefined;
}

export interface KnownSpan {
  readonly detail: SpanDetail | null;
  readonly failure: CommandFailure | null;
}

/** A cursor that runs over many rows asks for the one it stops at. */
const settleMs = 120;
const nothing: KnownSpan = { detail: null, failure: null };

/** All that is known of one span: of the trace that is held, else of the core. */
export function useSpan({ traceId, source, outline, row, held }: SpanPlace): KnownSpan {
  const { core } = useApp();
  const [asked, setAsked] = useState<{ readonly of: string; readonly known: KnownSpan } | null>(null);
  const of = `${source ?? ''} ${traceId} ${outline.spanIds[row] ?? ''} ${row}`;
  const local = useMemo(
    () => (held === undefined ? undefined : detailOf(held, outline, row)),
    [held, outline, row],
  );
  useEffect(() => {
    if (source === null) return undefined;
    const controller = new AbortController();
    const timer = setTimeout(() => {
      void core
        .call('traces.span', { source, traceId, row }, { signal: controller.signal })
        .then((answer) => {
          if (controller.signal.aborted) return;
          const known = answer.ok
            ? { detail: answer.value, failure: null }
            : { detail: null, failure: answer.failure };
          setAsked({ of, known });
        });
    }, settleMs);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [core, source, traceId, row, of]);
  if (local !== undefined) return { detail: local, failure: null };
  return asked?.of === of ? asked.known : nothing;
}
