import * as v from 'valibot';
import type { SourceFailure } from '#shared/failure.ts';
import { failed, success, type Result } from '#shared/result.ts';
import { checked } from '../checked.ts';
import { failureOfStatus } from '../failure-of.ts';
import type { HttpAnswer } from '../http-message.ts';
import { notThisApi, sourceFailure } from '../source-failure.ts';
import type { Remarks } from './model.ts';
import { errorSchema, successSchema } from './schemas.ts';

/** The envelope around every answer of Prometheus' API, and the errors that it can carry. */

interface Opened {
  readonly data: unknown;
  readonly remarks: Remarks;
}

/** @returns the data of a success; an error in the envelope, or JSON of another shape, as the failure it is. */
export function openEnvelope(json: unknown): Result<Opened, SourceFailure> {
  const error = v.safeParse(errorSchema, json);
  if (error.success) return failed(failureOfApiError(error.output, 200));
  const envelope = checked(successSchema, json, '');
  if (!envelope.ok) return envelope;
  const { data, warnings, infos } = envelope.value;
  return success({ data, remarks: { warnings, infos } });
}

/** What an answer other than a success means, by Prometheus' error shape first, by its status else. */
export function failureOfPrometheus(answer: HttpAnswer): SourceFailure | null {
  const byStatus = failureOfStatus(answer);
  if (byStatus === null || !answer.mediaType.endsWith('json')) return byStatus;
  const error = v.safeParse(errorSchema, jsonOf(answer.body));
  if (!error.success) return byStatus;
  // A proxy with the same shape still means what its status says.
  if (answer.status === 401 || answer.status === 403 || answer.status === 429) return byStatus;
  return failureOfApiError(error.output, answer.status, answer.retryAfterMs);
}

function jsonOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return null;
  }
}

/**
 * Maps the error types of prometheus/prometheus web/api/v1/api.go (`errorBadData` and those beside it).
 */
function failureOfApiError(
  error: v.InferOutput<typeof errorSchema>,
  status: number,
  retryAfterMs: number | null = null,
): SourceFailure {
  const says = `Prometheus says: ${error.error} (${error.errorType}).`;
  switch (error.errorType) {
    case 'bad_data':
    case 'execution':
      if (/exceeded maximum resolution|would load too many samples/.test(error.error)) {
        return sourceFailure('too-large', says, 'Ask with a coarser step, or over a shorter range.', {
          status,
        });
      }
      return sourceFailure('bad-query', says, "Correct the query; the message is the server's own.", {
        status,
      });
    case 'timeout':
    case 'canceled':
      return sourceFailure('timeout', says, 'Ask for less, or over a shorter range.', { status });
    case 'not_found':
    case 'not_acceptable':
      return notThisApi(says, status);
    default:
      return sourceFailure('server-error', says, 'Look into the log of the server.', {
        status,
        retryAfterMs,
      });
  }
}
