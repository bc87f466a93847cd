import { plainText, type HttpResponse } from '../http-server.ts';
import { LogqlError } from './logql/syntax.ts';

/** How Loki words its answers: JSON with a newline behind it, errors as bare text. */
const jsonType = 'application/json; charset=UTF-8';

export function lokiJson(value: unknown, contentType = jsonType): HttpResponse {
  return { status: 200, contentType, body: `${JSON.stringify(value)}\n` };
}

/** Numbers and rules: from these Loki ends the body without a newline. */
export function bareJson(value: unknown, contentType = jsonType): HttpResponse {
  return { status: 200, contentType, body: JSON.stringify(value) };
}

/** Lists without anything in them have no `data` at all. */
export function lokiList(values: readonly string[]): HttpResponse {
  return lokiJson(values.length === 0 ? { status: 'success' } : { status: 'success', data: values });
}

export function refused(message: string, status: 400 | 404 | 422 | 501 = 400): HttpResponse {
  return plainText(status, message);
}

/** Runs a route; what LogQL cannot do is the answer. */
export function answered(make: () => HttpResponse): HttpResponse {
  try {
    return make();
  } catch (error) {
    if (error instanceof LogqlError) return refused(error.message, error.status);
    throw error;
  }
}

const chunk = {
  headChunkBytes: 0,
  headChunkLines: 0,
  decompressedBytes: 0,
  decompressedLines: 0,
  compressedBytes: 0,
  totalDuplicates: 0,
  postFilterLines: 0,
  headChunkStructuredMetadataBytes: 0,
  decompressedStructuredMetadataBytes: 0,
};
const store = {
  totalChunksRef: 0,
  totalChunksDownloaded: 0,
  chunksDownloadTime: 0,
  queryReferencedStructuredMetadata: false,
  chunk,
  chunkRefsFetchTime: 0,
  congestionControlLatency: 0,
  pipelineWrapperFilteredLines: 0,
};
const cached = {
  entriesFound: 0,
  entriesRequested: 0,
  entriesStored: 0,
  bytesReceived: 0,
  bytesSent: 0,
  requests: 0,
  downloadTime: 0,
  queryLengthServed: 0,
};
const caches = [
  'chunk',
  'index',
  'result',
  'statsResult',
  'volumeResult',
  'seriesResult',
  'labelResult',
  'instantMetricResult',
];

/** Statistics as Loki shapes them. @param returned how many entries or series the answer has. */
export function statistics(returned: number, execSeconds: number): unknown {
  return {
    summary: {
      bytesProcessedPerSecond: 0,
      linesProcessedPerSecond: 0,
      totalBytesProcessed: 0,
      totalLinesProcessed: 0,
      execTime: execSeconds,
      queueTime: 0,
      subqueries: 0,
      totalEntriesReturned: returned,
      splits: 0,
      shards: 1,
      totalPostFilterLines: 0,
      totalStructuredMetadataBytesProcessed: 0,
    },
    querier: { store },
    ingester: { totalReached: 1, totalChunksMatched: 0, totalBatches: 0, totalLinesSent: 0, store },
    cache: Object.fromEntries(caches.map((name) => [name, cached])),
    index: { totalChunks: 0, postFilterChunks: 0, shardsDuration: 0, usedBloomFilters: false },
  };
}
