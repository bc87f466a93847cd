import type { Labels } from '#shared/model/labels.ts';
import type { Trace } from '#shared/model/trace.ts';
import { slowTrace, span, tag } from './scripted-traces.ts';

/** What a server that wants harm, or a program that logs what it was sent, puts into any text. */

/** Markup, a script, an address that runs, a right-to-left override, an isolate, an escape, a bell, a null. */
export const hostileText =
  '<img src=x onerror="window.wasHostile=1"><script>window.wasHostile=1</script>' +
  '<a href="javascript:window.wasHostile=1">x</a> {{7*7}} \u202Egpj.exe\u202C \u2066\u200B\u001B[31m\u0007\u0000 \uD800';

/** So many names and values, each of them hostile. */
export function hostileKeys(count: number): Labels {
  return Object.fromEntries(
    Array.from({ length: count }, (_none, index) => [`${index}${hostileText}`, hostileText]),
  );
}

/** A trace of one span in which every text is hostile, with so many tags. */
export function hostileTrace(tags: number): Trace {
  const many = Array.from({ length: tags }, () => tag(hostileText, hostileText));
  return slowTrace({
    processes: [{ service: hostileText, attributes: many.slice(0, 300) }],
    warnings: [hostileText],
    spans: [
      span(1, 0, {
        operation: hostileText,
        durationNs: 38_000_000,
        status: 'error',
        statusMessage: hostileText,
        warnings: [hostileText],
        attributes: [
          tag('url', 'javascript:window.wasHostile=1'),
          tag('long', 'y'.repeat(1_048_576)),
          ...many,
        ],
        events: Array.from({ length: 300 }, () => ({
          timeNs: '1763694713890000000',
          name: hostileText,
          attributes: many.slice(0, 20),
        })),
      }),
    ],
  });
}
