import * as v from 'valibot';
import { logRepairSchema } from './model/log-repair.ts';

/**
 * The named failures of the whole console. Each has a code that tests and screens rely on, a sentence
 * that says what happened in the cause's own words, and the next step a person can take.
 */

/** How asking a source can fail. The Sources view, the inbox and the command line show these words. */
const sourceFailureCodes = [
  'refused',
  'unknown-host',
  'tls',
  'timeout',
  'unauthorised',
  'not-this-api',
  'malformed',
  'too-large',
  'rate-limited',
  'server-error',
  'bad-query',
  'misconfigured',
  'cancelled',
] as const;
export type SourceFailureCode = (typeof sourceFailureCodes)[number];

export const sourceFailureSchema = v.object({
  code: v.picklist(sourceFailureCodes),
  /** One sentence: what happened, with the cause's own words. Never a credential. */
  message: v.string(),
  /** One sentence: what a person can do about it. */
  nextStep: v.string(),
  /** What the server asked us to wait, where it did. */
  retryAfterMs: v.nullable(v.number()),
  /** The HTTP status, where there was one. */
  status: v.nullable(v.number()),
  /** What one key can do about a question that a Loki refused. */
  repair: v.optional(logRepairSchema),
});
export type SourceFailure = v.InferOutput<typeof sourceFailureSchema>;

/** How a command of the contract can fail. */
const commandFailureCodes = [
  'invalid-input',
  'not-found',
  'conflict',
  'cancelled',
  'deadline-exceeded',
  'overloaded',
  'read-only',
  'unavailable',
  'not-supported',
  'source-failed',
  'internal',
] as const;
export type CommandFailureCode = (typeof commandFailureCodes)[number];

export const commandFailureSchema = v.object({
  code: v.picklist(commandFailureCodes),
  message: v.string(),
  nextStep: v.string(),
  /** Set with `source-failed`: what the source said. */
  source: v.optional(sourceFailureSchema),
});
export type CommandFailure = v.InferOutput<typeof commandFailureSchema>;

export function commandFailure(code: CommandFailureCode, message: string, nextStep: string): CommandFailure {
  return { code, message, nextStep };
}

/** A source said no, in its own words. */
export function sourceFailed(name: string, source: SourceFailure): CommandFailure {
  return { ...commandFailure('source-failed', `${name}: ${source.message}`, source.nextStep), source };
}

/** @param unit of the two ends, as their names have it. */
export function backwardRange(unit: 'Ms' | 'Ns'): CommandFailure {
  const nextStep = `Send from${unit} before to${unit}.`;
  return commandFailure('invalid-input', 'the range ends before it begins', nextStep);
}
