import { expect, test } from 'vitest';
import { PrometheusClient } from '#core/sources/prometheus/client.ts';
import { openSourceHttp } from '#core/sources/http.ts';
import { remoteWrite, staleMarker } from '#support/remote-write.ts';
import { startSampleServer } from '#support/sample-server.ts';
import { sourceSettings } from '#support/source-settings.ts';
import { generations } from '../../scripts/provide/servers.ts';
import { generationNames, placeFor } from './generations.ts';

/** What no query answers comes by remote read: stale markers, by their bits, and both ends of the window. */
test.for(generations.map((generation) => ({ generation, name: generationNames[generation] })))(
  'raw samples by remote read, bit by bit: $name',
  async ({ generation }, context) => {
    const place = await placeFor(generation, context);
    const server = await startSampleServer(place, { global: '  external_labels: { cluster: "c1" }\n' });
    const startMs = Math.floor(Date.now() / 60_000) * 60_000 - 3_600_000;
    const timesMs = Float64Array.from({ length: 5 }, (_, index) => startMs + index * 15_000);
    const values = Float64Array.of(1.5, Number.NaN, Number.NEGATIVE_INFINITY, 0, 0);
    values.set(staleMarker, 4);
    await remoteWrite(server.url, [
      { labels: { __name__: 'm', job: 'a' }, timesMs, values },
      { labels: { __name__: 'm', job: 'b' }, timesMs, values: Float64Array.of(1, 2, 3, 4, 5) },
    ]);
    const http = openSourceHttp(sourceSettings({ kind: 'prometheus', url: server.url }));
    context.onTestFinished(() => http.close());
    const client = new PrometheusClient(http);

    const answer = await client.remoteRead({
      matchers: [
        { name: '__name__', operator: '=', value: 'm' },
        { name: 'job', operator: '=~', value: 'a|c' },
      ],
      fromMs: startMs,
      toMs: startMs + 60_000,
    });

    const [series, ...more] = answer.ok ? answer.value : [];
    expect(more).toEqual([]);
    expect(series?.labels).toEqual({ __name__: 'm', job: 'a', cluster: 'c1' });
    expect(series?.timesMs).toEqual(timesMs);
    expect(new BigUint64Array(series?.values.buffer as ArrayBuffer)).toEqual(
      new BigUint64Array(values.buffer),
    );
  },
);
