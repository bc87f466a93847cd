import type { SourceFailure } from '#shared/failure.ts';
import { success, type Result } from '#shared/result.ts';
import { checked, type Listing } from '../checked.ts';
import { failureOfStatus } from '../failure-of.ts';
import type { HttpAnswer } from '../http-message.ts';
import { buildInfoSchema } from './schemas.ts';

/** Reads the answers of Loki. Pure; see `answers.ts` of the folder above for who runs it. */

type Read<Row> = Result<Listing<null, Row>, SourceFailure>;

export function readBuildInfo(json: unknown): Read<{ readonly version: string }> {
  const info = checked(buildInfoSchema, json, '');
  return info.ok ? success({ head: null, rows: [info.value] }) : info;
}

/** What an answer other than a success means: Loki's errors are plain text. */
export function failureOfLoki(answer: HttpAnswer): SourceFailure | null {
  return failureOfStatus(answer);
}
