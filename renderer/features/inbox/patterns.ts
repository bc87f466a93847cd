import type { PatternCompiler } from '../../stores/session.ts';

/** RE2 for the filter, loaded when the first pattern is typed: it is large and seldom needed. */
export async function loadPatternCompiler(): Promise<PatternCompiler> {
  const { RE2JS } = await import('re2js');
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
