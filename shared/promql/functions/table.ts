import type { VectorFunction } from '../evaluate/context.ts';
import { absent } from './absent.ts';
import { clamp, clampMax, clampMin } from './clamping.ts';
import { histogramFunctions } from './histogram/histogram-functions.ts';
import { labelJoin, labelReplace } from './labels.ts';
import { dateFunctions, time, timestamp } from './moments.ts';
import { pi, scalar, vectorOfScalar } from './scalars.ts';
import { sortFunctions } from './sorting.ts';

/**
 * Functions of evaluated arguments by their names. The series that they give may have equal labels, as
 * `label_replace` can make them: whoever calls them merges those or refuses them.
 */
export const vectorFunctions: ReadonlyMap<string, VectorFunction> = new Map<string, VectorFunction>([
  ['absent', absent],
  ['clamp', clamp],
  ['clamp_max', clampMax],
  ['clamp_min', clampMin],
  ['label_join', labelJoin],
  ['label_replace', labelReplace],
  ['pi', pi],
  ['scalar', scalar],
  ['time', time],
  ['timestamp', timestamp],
  ['vector', vectorOfScalar],
  ...dateFunctions,
  ...histogramFunctions,
  ...sortFunctions,
]);

export { sampleFunctions } from './sample-functions.ts';
