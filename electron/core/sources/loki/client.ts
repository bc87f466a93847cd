import type { SourceFailure } from '#shared/failure.ts';
import { success, type Result } from '#shared/result.ts';
import { ask } from '../ask.ts';
import { malformedAt } from '../checked.ts';
import type { AskOptions } from '../http-message.ts';
import type { SourceHttp } from '../http.ts';
import { failed } from '#shared/result.ts';
import { failureOfLoki } from './answers.ts';

type Answered<Value> = Promise<Result<Value, SourceFailure>>;

/** Loki's HTTP API, 3.4 to 3.7. Source: https://grafana.com/docs/loki/latest/reference/loki-http-api/ */
export class LokiClient {
  readonly kind = 'loki';
  readonly http: SourceHttp;

  constructor(http: SourceHttp) {
    this.http = http;
  }

  async buildInfo(options: AskOptions = {}): Answered<{ readonly version: string }> {
    const request = { path: '/loki/api/v1/status/buildinfo' } as const;
    const answer = await ask(this.http, 'loki.buildInfo', request, failureOfLoki, options);
    if (!answer.ok) return answer;
    const [info] = answer.value.rows;
    return info === undefined ? failed(malformedAt('', 'expected the build')) : success(info);
  }
}
