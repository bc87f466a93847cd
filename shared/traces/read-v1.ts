import type { Process, Span, Trace } from '../model/trace.ts';
import { failed, success, type Result } from '../result.ts';
import { readTags } from './read-attributes.ts';
import { countOf, isObject, listOf, objectOf, textOf, type JsonObject } from './read-json.ts';
import { maxEvents, maxLinks, maxWarnings, spanOfParts } from './read-span.ts';
import { parentIdOf, spanIdOf, traceIdOf } from './span-ids.ts';

/** One trace of Jaeger's v1 query API, `{traceID, spans, processes, warnings}`; its times are microseconds. */
export function readV1Trace(json: JsonObject): Result<Trace, string> {
  const list = listOf(json['spans']);
  const traceId = traceIdOf(json['traceID'] ?? objectOf(list[0])['traceID']);
  if (traceId === null) return failed('a trace has no id that can be read');
  const processes = new Processes(json['processes']);
  const spans: Span[] = [];
  for (const [index, one] of list.entries()) {
    const span = readSpan(objectOf(one), traceId, processes);
    if (!span.ok) return failed(`span ${index + 1} of trace ${traceId}: ${span.failure}`);
    spans.push(span.value);
  }
  return success({ traceId, processes: processes.all, spans, warnings: warningsOf(json['warnings']) });
}

function readSpan(span: JsonObject, traceId: string, processes: Processes): Result<Span, string> {
  const spanId = spanIdOf(span['spanID']);
  const startNs = nanosecondsOfMicroseconds(span['startTime']);
  const durationNs = nanosecondsOfMicroseconds(span['duration']);
  if (spanId === null) return failed('its id is not hex');
  if (startNs === null) return failed('its start is not a time in microseconds');
  const { parentSpanId, links } = readReferences(span, traceId);
  const { attributes, cut } = readTags(span['tags']);
  const logs = listOf(span['logs']);
  const warnings = [...warningsOf(span['warnings']), ...cut];
  if (durationNs === null) warnings.push('its duration cannot be read and is taken as nothing');
  const references = listOf(span['references']).length;
  if (references > maxLinks) warnings.push(`it has ${references} references; the first ${maxLinks} are kept`);
  if (logs.length > maxEvents) warnings.push(`it has ${logs.length} events; the first ${maxEvents} are kept`);
  return success(
    spanOfParts({
      spanId,
      parentSpanId,
      process: processes.indexOf(span),
      operation: textOf(span['operationName']),
      kind: 'unspecified',
      startNs: String(startNs),
      durationNs: Number(durationNs ?? 0n),
      status: 'unset',
      statusMessage: '',
      attributes,
      events: logs.slice(0, maxEvents).map((log) => readLog(objectOf(log))),
      links,
      warnings,
    }),
  );
}

/** The parent is the first span of this trace that it is a child of, else the first that it follows. */
function readReferences(span: JsonObject, traceId: string): Pick<Span, 'parentSpanId' | 'links'> {
  const all = listOf(span['references']).flatMap((reference) => {
    const { refType, traceID, spanID } = objectOf(reference);
    const id = spanIdOf(spanID);
    if (id === null) return [];
    return [{ kind: textOf(refType), traceId: traceIdOf(traceID) ?? traceId, spanId: id }];
  });
  const links = all.slice(0, maxLinks);
  const parent =
    all.find((link) => link.kind === 'CHILD_OF' && isSameTrace(link.traceId, traceId)) ??
    all.find((link) => link.kind === 'FOLLOWS_FROM' && isSameTrace(link.traceId, traceId));
  if (parent === undefined) return { parentSpanId: parentIdOf(span['parentSpanID']) ?? '', links };
  // That it only follows its parent is said nowhere else, so that link stays.
  const isOnlyParent = parent.kind === 'CHILD_OF';
  return {
    parentSpanId: parent.spanId,
    links: isOnlyParent ? links.filter((link) => link !== parent) : links,
  };
}

/** An id of 64 bits is the same with and without its leading zeros. */
function isSameTrace(left: string, right: string): boolean {
  return left.padStart(32, '0') === right.padStart(32, '0');
}

function readLog(log: JsonObject): Span['events'][number] {
  const { attributes } = readTags(log['fields']);
  const name = attributes.find(({ key }) => key === 'event');
  return {
    timeNs: String(nanosecondsOfMicroseconds(log['timestamp']) ?? 0n),
    name: name?.value ?? '',
    attributes: attributes.filter((attribute) => attribute !== name),
  };
}

/** As many as nanoseconds of 64 bits have: the year 2262. */
const mostMicroseconds = 9_223_372_036_854_775n;

/** Null for what is no time; a fraction of a microsecond, which some converters write, is kept. */
function nanosecondsOfMicroseconds(value: unknown): bigint | null {
  const hasFraction = typeof value === 'number' && !Number.isInteger(value);
  if (hasFraction) return value >= 0 && value < 9e15 ? BigInt(Math.round(value * 1_000)) : null;
  const microseconds = countOf(value);
  return microseconds === null || microseconds > mostMicroseconds ? null : microseconds * 1_000n;
}

function warningsOf(value: unknown): string[] {
  return listOf(value)
    .slice(0, maxWarnings)
    .filter((one) => typeof one === 'string');
}

/** Processes by the names that spans call them; one that nobody described has no service. */
class Processes {
  readonly all: Process[] = [];
  readonly #indices = new Map<string, number>();

  constructor(processes: unknown) {
    for (const [name, process] of Object.entries(objectOf(processes))) this.#add(name, process);
  }

  indexOf(span: JsonObject): number {
    const name = textOf(span['processID']);
    const known = this.#indices.get(name);
    if (known !== undefined) return known;
    const own = isObject(span['process']) ? span['process'] : {};
    return this.#add(name === '' ? `own ${JSON.stringify(own)}` : name, own);
  }

  #add(name: string, process: unknown): number {
    const present = this.#indices.get(name);
    if (present !== undefined) return present;
    const { serviceName, tags } = objectOf(process);
    this.#indices.set(name, this.all.length);
    return this.all.push({ service: textOf(serviceName), attributes: readTags(tags).attributes }) - 1;
  }
}
