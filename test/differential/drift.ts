/**
 * Where the real servers at hand answer otherwise than the generation that the engine speaks (3.14 for v3, the
 * last 2.x for v2): shapes that the generator leaves out for that server, with the version that changed
 * them. No answer is ever masked.
 */
export interface Drift {
  readonly shape: string;
  readonly server: '2.42' | '3.5';
  readonly changedIn: string;
}

export const drifts: readonly Drift[] = [];
