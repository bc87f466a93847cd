import type { SourceFailure } from '#shared/failure.ts';
import { success, type Result } from '#shared/result.ts';
import { ask } from '../ask.ts';
import type { AskOptions } from '../http-message.ts';
import type { SourceHttp } from '../http.ts';
import { failureOfJaeger } from './answers.ts';

type Answered<Value> = Promise<Result<Value, SourceFailure>>;

/** Jaeger's query API, in whichever dialect the server speaks. */
export class JaegerClient {
  readonly kind = 'jaeger';
  readonly http: SourceHttp;

  constructor(http: SourceHttp) {
    this.http = http;
  }

  async services(options: AskOptions = {}): Answered<readonly string[]> {
    const request = { path: '/api/v3/services' } as const;
    const answer = await ask(this.http, 'jaeger.services', request, failureOfJaeger, options);
    return answer.ok ? success(answer.value.rows) : answer;
  }
}
