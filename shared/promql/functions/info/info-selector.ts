import type { QueryBounds } from '../../evaluate/scope.ts';
import type { Call, VectorSelector } from '../../syntax/ast.ts';
import type { InfoRequest } from './info-request.ts';
import { momentOfSelector } from './reference-moment.ts';

/** What a call reads beside its vector: info series of all identities, at the moment of the vector's selector. */
export function infoSelector(
  call: Call,
  { nameMatchers, dataMatchers }: InfoRequest,
  bounds: QueryBounds,
): VectorSelector {
  const [base] = call.arguments;
  if (base === undefined) throw new Error('info was called without a vector');
  return {
    kind: 'selector',
    span: call.span,
    name: '',
    matchers: [...nameMatchers, ...dataMatchers],
    extension: null,
    ...momentOfSelector(base, bounds),
  };
}
