import { spanKinds, type Attribute, type Span, type SpanKind } from '../model/trace.ts';
import { listOf } from './read-json.ts';

/**
 * What both dialects say in tags and the model says in fields: kind, status and warnings. A trace read in
 * either is the same, therefore, and what the fields say is not said a second time among the tags.
 */

export const maxSpans = 500_000;
/** Of one span; past them nobody reads on, and a warning says how many there were. */
export const maxEvents = 5_000;
export const maxLinks = 1_000;
export const maxWarnings = 100;

/** Where Jaeger keeps warnings in OTLP, which has no field for them. */
const warningsKey = '@jaeger@warnings';

export interface SpanParts extends Omit<Span, 'kind' | 'status' | 'statusMessage'> {
  /** As the dialect's own field has it; `unspecified` where it has none. */
  readonly kind: SpanKind;
  readonly status: Span['status'];
  readonly statusMessage: string;
}

export function spanOfParts(parts: SpanParts): Span {
  let { kind, status, statusMessage } = parts;
  const warnings = [...parts.warnings];
  const attributes: Attribute[] = [];
  let errorTag: Attribute | null = null;
  for (const attribute of parts.attributes) {
    const { key, value } = attribute;
    const kindTold = key === 'span.kind' ? kindOfName(value) : null;
    const statusTold = key === 'otel.status_code' ? statusOfName(value) : null;
    if (kindTold !== null) kind = kindTold;
    else if (statusTold !== null) status = statusTold;
    else if (key === 'otel.status_description') statusMessage = value;
    else if (key === warningsKey) warnings.push(...warningsIn(value));
    else if (key === 'error' && value === 'true') errorTag = attribute;
    else attributes.push(attribute);
  }
  // Beside a status that says so, Jaeger adds the tag itself; without one it is all there is.
  if (errorTag !== null && status !== 'error') {
    attributes.push(errorTag);
    status = 'error';
  }
  return { ...parts, kind, status, statusMessage, attributes, warnings: warnings.slice(0, maxWarnings) };
}

export function kindOfName(name: string): SpanKind | null {
  const lower = name.toLowerCase().replace(/^span_kind_/, '');
  return spanKinds.find((kind) => kind === lower) ?? null;
}

function statusOfName(name: string): Span['status'] | null {
  const lower = name.toLowerCase();
  return lower === 'ok' || lower === 'error' || lower === 'unset' ? lower : null;
}

/** A list as JSON, or one text. */
function warningsIn(value: string): readonly string[] {
  try {
    const list = listOf(JSON.parse(value)).filter((one) => typeof one === 'string');
    return list.length > 0 ? list : [value];
  } catch {
    return [value];
  }
}
