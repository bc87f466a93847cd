import type { Annotation } from './problem.ts';
import { placeOf } from './syntax/parse-problem.ts';

/** A remark as Prometheus sends it, with its place in the query as `(line:column)`. */
export function annotationText({ message, span }: Annotation, query: string): string {
  return `${message} (${placeOf(query, span.start)})`;
}
