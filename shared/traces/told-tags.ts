import type { Attribute, Span } from '../model/trace.ts';

/**
 * The tags that a span's fields were read from, as Jaeger has them: the model says them once, but they are
 * searched for by their names. `error` stands among the attributes where it is all that was told.
 */
export function toldTags({ kind, status, statusMessage, attributes }: Span): Attribute[] {
  const tags: Attribute[] = [];
  if (kind !== 'unspecified') tags.push({ key: 'span.kind', type: 'string', value: kind });
  const isBare = attributes.some(({ key }) => key === 'error');
  if (status === 'error' && !isBare) tags.push({ key: 'error', type: 'bool', value: 'true' });
  if (status === 'ok' || (status === 'error' && !isBare))
    tags.push({ key: 'otel.status_code', type: 'string', value: status.toUpperCase() });
  if (statusMessage !== '')
    tags.push({ key: 'otel.status_description', type: 'string', value: statusMessage });
  return tags;
}
