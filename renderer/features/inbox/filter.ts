import {
  compileFilter,
  needsPatterns,
  type CompiledFilter,
  type PatternCompiler,
} from '#shared/filter/compile.ts';
import type { FilterFault } from '#shared/filter/model.ts';
import { parseFilter } from '#shared/filter/parse.ts';

/** Filters as the inbox and its saved views use them: read and compiled once for each text. */

export type ReadFilter =
  | { readonly kind: 'ready'; readonly filter: CompiledFilter }
  /** It has patterns, and RE2 is not here yet. */
  | { readonly kind: 'waiting' }
  | { readonly kind: 'wrong'; readonly fault: FilterFault };

const maxRemembered = 100;
let rememberedOf: PatternCompiler | null = null;
const remembered = new Map<string, ReadFilter>();

export function readFilter(text: string, compile: PatternCompiler | null): ReadFilter {
  if (rememberedOf !== compile || remembered.size >= maxRemembered) remembered.clear();
  rememberedOf = compile;
  let read = remembered.get(text);
  if (read === undefined) remembered.set(text, (read = freshly(text, compile)));
  return read;
}

function freshly(text: string, compile: PatternCompiler | null): ReadFilter {
  const parsed = parseFilter(text);
  if (!parsed.ok) return { kind: 'wrong', fault: parsed.failure };
  if (compile === null && needsPatterns(parsed.value)) return { kind: 'waiting' };
  const compiled = compileFilter(parsed.value, compile ?? (() => null));
  return compiled.ok ? { kind: 'ready', filter: compiled.value } : { kind: 'wrong', fault: compiled.failure };
}

/** As `readFilter`, without a last term that is still being written and cannot be read yet. */
export function readWritten(text: string, compile: PatternCompiler | null): ReadFilter {
  const read = readFilter(text, compile);
  if (read.kind !== 'wrong' || read.fault.to < text.length) return read;
  const before = readFilter(text.slice(0, read.fault.termFrom).trim(), compile);
  return before.kind === 'ready' ? before : read;
}

const ageStepMs = 5_000;

/** The time by which filters judge ages: in steps, so that a list is not filtered anew every second. */
export function filterTimeMs(nowMs: number): number {
  return Math.floor(nowMs / ageStepMs) * ageStepMs;
}
