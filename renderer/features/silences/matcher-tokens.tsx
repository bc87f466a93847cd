import type { SilenceMatcher } from '#shared/model/silence.ts';
import { LabelToken } from '../../parts/label-token.tsx';
import { operatorOf, textOfMatcher } from './matcher-text.ts';

/** The matchers of a silence, as tokens to read. */
export function MatcherTokens({ matchers }: { readonly matchers: readonly SilenceMatcher[] }) {
  return (
    <>
      {matchers.map((matcher) => (
        <LabelToken
          key={textOfMatcher(matcher)}
          name={matcher.name}
          operator={operatorOf(matcher)}
          value={matcher.value}
        />
      ))}
    </>
  );
}
