/** A stretch of time in whole Unix milliseconds, both ends included. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** @returns the spans in order of time, those that overlap or touch as one. */
export function joinSpans(spans: readonly Span[]): Span[] {
  const joined: Span[] = [];
  for (const span of spans.toSorted((left, right) => left.fromMs - right.fromMs)) {
    const last = joined.at(-1);
    if (last === undefined || span.fromMs > last.toMs + 1) joined.push(span);
    else joined[joined.length - 1] = { fromMs: last.fromMs, toMs: Math.max(last.toMs, span.toMs) };
  }
  return joined;
}

/** @returns what of `spans` no span of `taken` has, in order of time. */
export function withoutSpans(spans: readonly Span[], taken: readonly Span[]): Span[] {
  const left: Span[] = [];
  const holes = joinSpans(taken);
  for (const { fromMs, toMs } of joinSpans(spans)) {
    let startMs = fromMs;
    for (const hole of holes) {
      if (hole.toMs < startMs || hole.fromMs > toMs) continue;
      if (hole.fromMs > startMs) left.push({ fromMs: startMs, toMs: hole.fromMs - 1 });
      startMs = hole.toMs + 1;
    }
    if (startMs <= toMs) left.push({ fromMs: startMs, toMs });
  }
  return left;
}

export function clipSpans(spans: readonly Span[], fromMs: number, toMs: number): Span[] {
  return spans
    .map((span) => ({ fromMs: Math.max(span.fromMs, fromMs), toMs: Math.min(span.toMs, toMs) }))
    .filter((span) => span.fromMs <= span.toMs);
}

export function lengthOfSpans(spans: readonly Span[]): number {
  return spans.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs + 1, 0);
}
