import type { SourceFailure } from '#shared/failure.ts';
import type { SourceKind } from '#shared/model/source.ts';
import { failed, success, type Result } from '#shared/result.ts';
import { failureOfAlertmanager } from './alertmanager/answers.ts';
import type { HttpAnswer } from './http-message.ts';
import type { SourceHttp } from './http.ts';
import { failureOfJaeger } from './jaeger/failure.ts';
import { failureOfLoki } from './loki/failure.ts';
import { failureOfPrometheus } from './prometheus/envelope.ts';

/**
 * How a server of each kind is asked who it is, in two steps so that a test of a connection can tell
 * "it answered" from "it is what it should be". Used by `probe.ts`.
 */

const introductions = {
  prometheus: {
    path: '/api/v1/status/buildinfo',
    failureOf: failureOfPrometheus,
    answer: 'prometheus.buildInfo',
  },
  alertmanager: { path: '/api/v2/status', failureOf: failureOfAlertmanager, answer: 'alertmanager.status' },
  loki: { path: '/loki/api/v1/status/buildinfo', failureOf: failureOfLoki, answer: 'loki.buildInfo' },
  jaeger: { path: '/api/v3/services', failureOf: failureOfJaeger, answer: 'jaeger.introduction' },
} as const;

export const kindTitles = {
  prometheus: 'Prometheus',
  alertmanager: 'Alertmanager',
  loki: 'Loki',
  jaeger: 'Jaeger',
} as const satisfies Record<SourceKind, string>;

/** @returns an answer with the status of success, of whatever content. */
export async function askIntroduction(
  http: SourceHttp,
  kind: SourceKind,
  signal: AbortSignal,
): Promise<Result<HttpAnswer, SourceFailure>> {
  const { path, failureOf } = introductions[kind];
  const answer = await http.request({ path }, { signal });
  if (!answer.ok) return answer;
  const failure = failureOf(answer.value);
  return failure === null ? answer : failed(http.redacted(failure));
}

/** @returns the version that the answer tells; may be empty. */
export async function readIntroduction(
  http: SourceHttp,
  kind: SourceKind,
  answer: HttpAnswer,
  signal: AbortSignal,
): Promise<Result<string, SourceFailure>> {
  const read = await http.reader.read(introductions[kind].answer, answer, signal);
  return read.ok ? success(read.value.rows[0]?.version ?? '') : failed(http.redacted(read.failure));
}
