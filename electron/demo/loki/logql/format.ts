import { failed, success, type Result } from '#shared/result.ts';
import { parseLogql } from './parse.ts';
import {
  LogqlError,
  unsupported,
  type Condition,
  type Grouping,
  type LogqlQuery,
  type Stage,
  type Unwrap,
} from './syntax.ts';

/** Writes a parsed query on one line, spaced as Loki's `format_query` does. */
export function formatLogql(query: string): Result<string, LogqlError> {
  const parsed = parseLogql(query);
  if (!parsed.ok) return parsed;
  try {
    return success(written(parsed.value));
  } catch (error) {
    if (error instanceof LogqlError) return failed(error);
    throw error;
  }
}

function written(query: LogqlQuery): string {
  switch (query.kind) {
    case 'log': {
      const matchers = query.matchers.map(
        ({ name, operator, value }) => `${name}${operator}${JSON.stringify(value)}`,
      );
      return [`{${matchers.join(', ')}}`, ...query.stages.map(stage)].join(' ');
    }
    case 'number':
      return String(query.value);
    case 'vector':
      return `vector(${query.value})`;
    case 'range': {
      const quantile = query.name === 'quantile_over_time' ? `${query.parameter},` : '';
      const offset = query.offsetMs === 0 ? '' : ` offset ${span(query.offsetMs)}`;
      const inner = `${written(query.selection)}${unwrap(query.unwrap)}[${span(query.rangeMs)}]${offset}`;
      return `${query.name}(${quantile}${inner})${query.grouping === null ? '' : ` ${grouping(query.grouping)}`}`;
    }
    case 'aggregate': {
      const count = query.name.endsWith('k') ? `${query.parameter},` : '';
      const by = query.grouping === null ? '' : ` ${grouping(query.grouping)}`;
      return `${query.name}${by}(${count}${written(query.of)})`;
    }
    case 'binary': {
      const bool = query.bool ? ' bool' : '';
      return `(${written(query.left)} ${query.operator}${bool} ${written(query.right)})`;
    }
  }
}

function grouping({ without, names }: Grouping): string {
  return `${without ? 'without' : 'by'} (${names.join(',')})`;
}

function unwrap(given: Unwrap | null): string {
  if (given === null) return '';
  const inner = given.conversion === 'number' ? given.name : `${given.conversion}(${given.name})`;
  return [` | unwrap ${inner}`, ...given.conditions.map((one) => ` | ${condition(one)}`)].join('');
}

function stage(given: Stage): string {
  switch (given.kind) {
    case 'line':
      return `${given.operator} ${given.values.map((value) => JSON.stringify(value)).join(' or ')}`;
    case 'where':
      return `| ${condition(given.condition)}`;
    case 'drop':
    case 'keep':
      return `| ${given.kind} ${given.names.join(',')}`;
    default:
      return `| ${given.kind}`;
  }
}

function condition(given: Condition): string {
  if (given.kind === 'text') {
    const { name, operator, value } = given.matcher;
    return `${name}${operator}${JSON.stringify(value)}`;
  }
  if (given.kind !== 'number') return `( ${condition(given.left)} ${given.kind} ${condition(given.right)} )`;
  if (given.unit === 'bytes') throw unsupported('formatting a filter of bytes');
  return `${given.name}${given.comparison}${given.unit === 'duration' ? span(given.value) : given.value}`;
}

function span(ms: number): string {
  for (const [unit, size] of [
    ['h', 3_600_000],
    ['m', 60_000],
    ['s', 1_000],
  ] as const) {
    if (ms % size === 0) return `${ms / size}${unit}`;
  }
  return `${ms}ms`;
}
