import type { LokiClient } from '#core/sources/loki/client.ts';
import { openTail } from '#core/sources/loki/tail.ts';
import { nanosecondsOf, tailBackMs } from '#shared/model/log.ts';
import { failed, success } from '#shared/result.ts';
import type { LogSource } from './log-source.ts';

/** A Loki as the logs service asks it. */
export function lokiSourceOf(name: string, client: LokiClient, isFresh: () => boolean): LogSource {
  const selectorOf = (query: string): string | null => (query === '' ? null : query);
  return {
    name,
    isFresh,
    queryLines: (request, signal) => client.queryLines(request, { signal }),
    queryRange: async (query, range, signal) => {
      const answer = await client.queryRange(query, range, { signal });
      return answer.ok ? success(answer.value.series) : answer;
    },
    labels: (request, signal) => client.labels(selectorOf(request.query), request, { signal }),
    labelValues: (label, request, signal) =>
      client.labelValues(label, selectorOf(request.query), request, { signal }),
    fields: async (request, signal) => {
      const answer = await client.detectedFields(request.query, request, { signal });
      if (!answer.ok) return failed(answer.failure);
      return success(answer.value.map((field) => ({ ...field, parsers: [...field.parsers] })));
    },
    patterns: async (request, signal) => {
      const answer = await client.patterns(request.query, request, { signal });
      if (!answer.ok) return failed(answer.failure);
      return success(
        answer.value.map(({ pattern, count, timesMs, counts }) => ({
          pattern,
          count,
          samples: { timesMs, counts },
        })),
      );
    },
    size: (request, signal) => client.indexStats(request.query, request, { signal }),
    openTail: (query, { onLines, onStanding }) => {
      const nowMs = Date.now() + (client.http.clockSkewMs ?? 0);
      const tail = openTail(
        client,
        { query, fromNs: nanosecondsOf(nowMs - tailBackMs) },
        {
          onLines,
          onStatus: ({ state, dropped, recovered, failure }) =>
            onStanding({ state, dropped, recovered, failure }),
        },
      );
      return { close: () => tail.stop() };
    },
  };
}
