import type { PatternCompiler } from '#shared/filter/compile.ts';
import { late } from '../../ui/late.ts';

const re2 = late(() => import('re2js'));

/** RE2 for the filter, waited for when the first pattern is typed: it is large and seldom needed. */
export async function loadPatternCompiler(): Promise<PatternCompiler> {
  const { RE2JS } = await re2.load();
  return (pattern) => {
    try {
      const compiled = RE2JS.compile(pattern);
      return (value) => compiled.matches(value);
    } catch {
      // RE2JS throws on a pattern that is not of its language: that is the answer.
      return null;
    }
  };
}
