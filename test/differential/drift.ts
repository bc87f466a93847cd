/**
 * Where the real servers at hand answer otherwise than the generation that the engine speaks (3.14 for v3, the
 * last 2.x for v2): shapes that the generator leaves out for that server, with the version that changed
 * them. No answer is ever masked; where a version's remarks alone are other ones, they alone are not compared.
 */
export interface Drift {
  readonly shape: string;
  readonly server: TestedVersion;
  readonly changedIn: string;
}
export type TestedVersion = '2.42' | '3.5';

export const drifts = {
  predictionAtFixedTime: {
    shape: 'predict_linear over a range fixed by @, at more than one step: the range empties step by step',
    server: '2.42',
    changedIn: '2.50',
  },
  countValuesByThree: {
    shape: 'count_values by three labels or more, at more than one step: after the first some are lost',
    server: '2.42',
    changedIn: '2.52',
  },
  noStepOfSubquery: {
    shape: 'a subquery between whose ends no step lies, of what an @ fixes and cannot be answered: an error',
    server: '2.42',
    changedIn: 'by 3.5',
  },
  laterSyntax: {
    shape:
      'digits apart by underscores, numbers for durations, quoted names: the engine reads them in either generation',
    server: '2.42',
    changedIn: '2.54, names in 3.0',
  },
  fractionInFirstBucket: {
    shape: 'histogram_fraction of classic buckets with an end within the first: not a number',
    server: '3.5',
    changedIn: '3.9',
  },
  filteredAmbiguity: {
    shape: 'ambiguous matches of which a comparison filters all but one away: no error',
    server: '3.5',
    changedIn: '3.9',
  },
  absentOfReorderedMatchers: {
    shape: 'absent of an equality behind another matcher of its label: the storage puts the equality first',
    server: '3.5',
    changedIn: '2.48, by the storage',
  },
  histogramRemarks: {
    shape: 'remarks on buckets without a metric name, and on counts that do not rise: worded otherwise',
    server: '3.5',
    changedIn: '3.7 for the names, by 3.14 for the counts',
  },
  sortRemark: {
    shape: 'the warning that sort has no effect on a range query: not made',
    server: '3.5',
    changedIn: '3.12',
  },
  medianOfNothing: {
    shape: 'mad_over_time of values with a NaN among them: the NaN is no value',
    server: '3.5',
    changedIn: 'by 3.14',
  },
  relabelledTurns: {
    shape: 'label_replace or label_join giving series of equal labels that share no step: refused',
    server: '3.5',
    changedIn: '3.9',
  },
  rangesTakingTurns: {
    shape:
      'functions of ranges giving series of equal labels, of several metrics, that share no step: refused',
    server: '3.5',
    changedIn: '3.13',
  },
} as const satisfies Readonly<Record<string, Drift>>;

export type DriftName = keyof typeof drifts;
