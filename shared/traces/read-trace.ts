import type { Trace } from '../model/trace.ts';
import { failed, messageOf, success, type Result } from '../result.ts';
import { isObject, listOf, objectOf, parseLossless, textOf } from './read-json.ts';
import { readResourceSpans } from './read-otlp.ts';
import { maxSpans } from './read-span.ts';
import { readV1Trace } from './read-v1.ts';

/**
 * Traces out of any JSON that Jaeger answers or people keep: the envelope of v1 or one trace of it, v3,
 * OTLP, or OTLP line by line as collectors write it to files.
 * @returns no traces where an answer has none; a failure says what is wrong and where.
 */
export function readTraceText(text: string): Result<Trace[], string> {
  try {
    return readDocuments(text);
  } catch (error) {
    // Parsing has no depth; writing a resource out again, to tell two apart, has the stack's.
    if (error instanceof RangeError) return failed('it is nested too deeply to read');
    throw error;
  }
}

function readDocuments(text: string): Result<Trace[], string> {
  const documents = parsed(text);
  if (!documents.ok) return documents;
  const v1: unknown[] = [];
  const resourceSpans: unknown[] = [];
  for (const document of documents.value) {
    const problem = sort(document, v1, resourceSpans, 0);
    if (problem !== null) return failed(problem);
  }
  const count = v1.reduce<number>((sum, trace) => sum + listOf(objectOf(trace)['spans']).length, 0);
  const spans = count + spansIn(resourceSpans);
  if (spans > maxSpans)
    return failed(`${spans} spans are more than the ${maxSpans} that can be read at once`);
  const traces: Trace[] = [];
  for (const one of v1) {
    const trace = readV1Trace(objectOf(one));
    if (!trace.ok) return trace;
    traces.push(trace.value);
  }
  const others = readResourceSpans(resourceSpans);
  return others.ok ? success([...traces, ...others.value]) : others;
}

function parsed(text: string): Result<readonly unknown[], string> {
  try {
    return success([parseLossless(text)]);
  } catch (error) {
    return parsedLines(text) ?? failed(`it is not JSON (${messageOf(error)})`);
  }
}

/** @returns null where the first line is no document of its own. */
function parsedLines(text: string): Result<readonly unknown[], string> | null {
  const documents: unknown[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    try {
      documents.push(parseLossless(line));
    } catch (error) {
      if (!isObject(documents[0])) return null;
      return failed(`line ${index + 1} is not JSON (${messageOf(error)})`);
    }
  }
  return documents.length === 0 ? null : success(documents);
}

/** Finds what holds spans in a document, whichever envelope is around it. */
function sort(json: unknown, v1: unknown[], resourceSpans: unknown[], depth: number): string | null {
  if (Array.isArray(json) && depth < 2) {
    for (const one of json) {
      const problem = sort(one, v1, resourceSpans, depth + 1);
      if (problem !== null) return problem;
    }
    return null;
  }
  if (!isObject(json) || depth > 3) return notTraces;
  if ('resourceSpans' in json) for (const one of listOf(json['resourceSpans'])) resourceSpans.push(one);
  else if ('spans' in json) v1.push(json);
  else if (isObject(json['result'])) return sort(json['result'], v1, resourceSpans, depth + 1);
  else if (Array.isArray(json['data']) || isObject(json['data']))
    return sort(json['data'], v1, resourceSpans, 1);
  else if ('data' in json || 'result' in json) return errorsIn(json['errors']);
  else return Object.keys(json).length === 0 ? null : notTraces;
  return null;
}

const notTraces = 'it holds no traces: neither those of Jaeger nor those of OTLP';

function errorsIn(errors: unknown): string | null {
  const [first] = listOf(errors);
  const message = textOf(objectOf(first)['msg']);
  return message === '' ? null : message.slice(0, 300);
}

function spansIn(resourceSpans: readonly unknown[]): number {
  let count = 0;
  for (const one of resourceSpans) {
    const { scopeSpans, instrumentationLibrarySpans } = objectOf(one);
    for (const scoped of listOf(scopeSpans ?? instrumentationLibrarySpans)) {
      count += listOf(objectOf(scoped)['spans']).length;
    }
  }
  return count;
}
