import { RE2JS } from 're2js';
import { compileFilter, type CompiledFilter, type PatternCompiler } from '#shared/filter/compile.ts';
import type { FilterFault } from '#shared/filter/model.ts';
import { parseFilter } from '#shared/filter/parse.ts';
import type { Result } from '#shared/result.ts';

/** A view's filter as the core asks it: in the language of the inbox, with RE2 at hand. */
export function readViewFilter(text: string): Result<CompiledFilter, FilterFault> {
  const parsed = parseFilter(text);
  return parsed.ok ? compileFilter(parsed.value, compilePattern) : parsed;
}

const compilePattern: PatternCompiler = (pattern) => {
  try {
    const compiled = RE2JS.compile(pattern);
    return (value) => compiled.matches(value);
  } catch {
    // RE2JS throws on a pattern that is not of its language: that is the answer.
    return null;
  }
};
