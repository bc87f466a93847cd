/** What a provider answers: the thing itself, or why it is not here and the one command that helps. */
export type Provision<Thing> =
  | { readonly status: 'ready'; readonly thing: Thing }
  | { readonly status: 'unavailable'; readonly reason: string };

/** Takes one line about a step that takes a while. */
export type Progress = (line: string) => void;

export function ready<Thing>(thing: Thing): Provision<Thing> {
  return { status: 'ready', thing };
}

export function unavailable(reason: string): Provision<never> {
  return { status: 'unavailable', reason };
}
