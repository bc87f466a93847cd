import type { SourceFailure } from '#shared/failure.ts';
import { success, type Result } from '#shared/result.ts';
import { checked, type Listing } from '../checked.ts';
import { failureOfStatus } from '../failure-of.ts';
import type { HttpAnswer } from '../http-message.ts';
import { servicesSchema } from './schemas.ts';

/** Reads the answers of Jaeger. Pure; see `answers.ts` of the folder above for who runs it. */

type Read<Row> = Result<Listing<null, Row>, SourceFailure>;

export function readServices(json: unknown): Read<string> {
  const services = checked(servicesSchema, json, '');
  return services.ok ? success({ head: null, rows: services.value.services }) : services;
}

/** Who answers: Jaeger tells no version over this API. */
export function readIntroduction(json: unknown): Read<{ readonly version: string }> {
  const services = readServices(json);
  return services.ok ? success({ head: null, rows: [{ version: '' }] }) : services;
}

/** What an answer other than a success means. */
export function failureOfJaeger(answer: HttpAnswer): SourceFailure | null {
  return failureOfStatus(answer);
}
