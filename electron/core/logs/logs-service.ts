import type { IncidentSubject } from '#core/evidence/incident-subject.ts';
import type { CommandFailure } from '#shared/failure.ts';
import type { LogAnswer, LogFields, LogPatterns, LogQuery, LogVolume } from '#shared/model/log.ts';
import type { Result } from '#shared/result.ts';
import type { LogOrigins } from './ask-source.ts';
import { captureLogs, incidentLogs, type CapturedLogs } from './incident-logs.ts';
import { logContext, type ContextRequest } from './log-context.ts';
import { labelNames, labelValues, logFields, logPatterns, logSize, type Names } from './log-names.ts';
import { queryLogs } from './log-query.ts';
import type { LogScopeRequest, LogSize } from './log-source.ts';
import { LogTails } from './log-tails.ts';
import { logVolume, type VolumeRequest } from './log-volume.ts';

/**
 * All that the console knows of logs: asked of the source while it answers, else of what is kept, else
 * unknown, and each answer says which. What a source answers is kept for later.
 */

type Answered<Value> = Promise<Result<Value, CommandFailure>>;
/** `source` is the name of one; empty for the first. */
type OfSource<Request> = Request & { readonly source: string };

export class LogsService {
  readonly tails: LogTails;
  readonly #origins: LogOrigins;

  constructor(origins: LogOrigins) {
    this.#origins = origins;
    this.tails = new LogTails(origins);
  }

  async query(query: LogQuery, signal: AbortSignal): Answered<LogAnswer> {
    return queryLogs(this.#origins, query, signal);
  }

  async volume(request: VolumeRequest, signal: AbortSignal): Answered<LogVolume> {
    return logVolume(this.#origins, request, signal);
  }

  async context(request: ContextRequest, signal: AbortSignal): Answered<LogAnswer> {
    return logContext(this.#origins, request, signal);
  }

  async labels(request: OfSource<LogScopeRequest>, signal: AbortSignal): Answered<Names> {
    return labelNames(this.#origins, request, signal);
  }

  async labelValues(
    request: OfSource<LogScopeRequest> & { readonly label: string },
    signal: AbortSignal,
  ): Answered<Names> {
    return labelValues(this.#origins, request, signal);
  }

  async fields(request: OfSource<LogScopeRequest>, signal: AbortSignal): Answered<LogFields> {
    return logFields(this.#origins, request, signal);
  }

  async patterns(request: OfSource<LogScopeRequest>, signal: AbortSignal): Answered<LogPatterns> {
    return logPatterns(this.#origins, request, signal);
  }

  async size(request: OfSource<LogScopeRequest>, signal: AbortSignal): Answered<LogSize> {
    return logSize(this.#origins, request, signal);
  }

  /** Pins the lines of an incident's service around its start. */
  async captureLogs(subject: IncidentSubject, signal: AbortSignal): Promise<CapturedLogs> {
    return captureLogs(this.#origins, subject, signal);
  }

  async incidentLogs(subject: IncidentSubject, signal: AbortSignal): Promise<LogAnswer> {
    return incidentLogs(this.#origins, subject, signal);
  }
}
