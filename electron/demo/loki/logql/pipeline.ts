import { labelOf, type Labels } from '#shared/model/labels.ts';
import { compileLineFilters } from '#shared/logql/matching.ts';
import { labelMatcher } from '../../label-matcher.ts';
import { logStreams, type LogEntry } from '../log-entry.ts';
import { jsonFields, logfmtFields, type ParsedFields } from './line-parsers.ts';
import { LogqlError, type Condition, type Stage } from './syntax.ts';
import { bytesOf, durationMsOf } from './units.ts';

/** A line on its way through a query: labels of three origins, of which the first that has a name wins. */
export class PipelineLine {
  readonly stream: Labels;
  readonly parsed = new Map<string, string>();
  readonly #entry: LogEntry;
  readonly #metadata: Labels;
  #hidden: ((name: string) => boolean) | undefined;

  constructor(entry: LogEntry) {
    this.#entry = entry;
    this.stream = logStreams[entry.stream] ?? {};
    this.#metadata = entry.metadata;
  }

  get line(): string {
    return this.#entry.line;
  }

  get(name: string): string {
    if (this.#hidden?.(name) === true) return '';
    return labelOf(this.stream, name) || labelOf(this.#metadata, name) || (this.parsed.get(name) ?? '');
  }

  metadata(): Labels {
    return this.#visible(Object.entries(this.#metadata));
  }

  parsedLabels(): Labels {
    return this.#visible([...this.parsed]);
  }

  labels(): Labels {
    const all = [...this.parsed, ...Object.entries(this.#metadata), ...Object.entries(this.stream)];
    return this.#visible(all.sort(([left], [right]) => (left < right ? -1 : 1)));
  }

  add(fields: ParsedFields): void {
    for (const [name, value] of fields) {
      const taken = Object.hasOwn(this.stream, name) || Object.hasOwn(this.#metadata, name);
      this.parsed.set(taken ? `${name}_extracted` : name, value);
    }
  }

  hide(test: (name: string) => boolean): void {
    const before = this.#hidden;
    this.#hidden = before === undefined ? test : (name) => before(name) || test(name);
  }

  #visible(entries: readonly (readonly [string, string])[]): Labels {
    const { length } = entries;
    return length === 0 || this.#hidden === undefined
      ? Object.fromEntries(entries)
      : Object.fromEntries(entries.filter(([name]) => this.#hidden?.(name) !== true));
  }
}

export type Pipeline = (line: PipelineLine) => boolean;

/** @returns whether a line passes; what the stages extract is added to it. */
export function compilePipeline(stages: readonly Stage[]): Pipeline {
  const steps = stages.map(compileStage);
  return (line) => steps.every((step) => step(line));
}

function compileStage(stage: Stage): Pipeline {
  switch (stage.kind) {
    case 'line': {
      const test = compileLineFilters([stage]);
      if (!test.ok) throw new LogqlError(`parse error : ${test.failure}`);
      return ({ line }) => test.value(line);
    }
    case 'json':
      return addJson;
    case 'logfmt':
      return (line) => {
        line.add(logfmtFields(line.line));
        return true;
      };
    case 'decolorize':
      return () => true;
    case 'drop':
    case 'keep': {
      const names = new Set(stage.names);
      const dropped = stage.kind === 'drop';
      return (line) => {
        line.hide((name) => names.has(name) === dropped);
        return true;
      };
    }
    case 'where':
      return compileCondition(stage.condition);
  }
}

function addJson(line: PipelineLine): boolean {
  const fields = jsonFields(line.line);
  if (fields === undefined) {
    line.parsed.set('__error__', 'JSONParserErr');
    line.parsed.set('__error_details__', "Value looks like object, but can't find closing '}' symbol");
  } else line.add(fields);
  return true;
}

export function compileCondition(condition: Condition): Pipeline {
  switch (condition.kind) {
    case 'text': {
      const { name, operator, value } = condition.matcher;
      const matcher = labelMatcher(name, operator, value);
      return (line) => matcher.matches(line.get(name));
    }
    case 'and':
    case 'or': {
      const [left, right] = [compileCondition(condition.left), compileCondition(condition.right)];
      return condition.kind === 'and'
        ? (line) => left(line) && right(line)
        : (line) => left(line) || right(line);
    }
    case 'number':
      return compileNumber(condition);
  }
}

function compileNumber({ name, comparison, value, unit }: Condition & { kind: 'number' }): Pipeline {
  return (line) => {
    const text = line.get(name);
    if (text === '') return false;
    const found = numberOf(text, unit);
    if (found === undefined) {
      line.parsed.set('__error__', 'LabelFilterErr');
      return true;
    }
    return compare(found, comparison, value);
  };
}

export function numberOf(text: string, unit: 'number' | 'duration' | 'bytes'): number | undefined {
  if (unit === 'duration') return durationMsOf(text);
  if (unit === 'bytes') return bytesOf(text) ?? numberOf(text, 'number');
  const number = text.trim() === '' ? Number.NaN : Number(text);
  return Number.isNaN(number) ? undefined : number;
}

export function compare(left: number, comparison: string, right: number): boolean {
  switch (comparison) {
    case '>':
      return left > right;
    case '>=':
      return left >= right;
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '!=':
      return left !== right;
    default:
      return left === right;
  }
}
