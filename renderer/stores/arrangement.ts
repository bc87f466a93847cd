import * as v from 'valibot';

/** How the inbox is laid out: in which lanes, grouped by what, in which order. A person's choice, kept. */

export const sortKeys = ['severity', 'age', 'alerts', 'change', 'service'] as const;
export type SortKey = (typeof sortKeys)[number];

/** By what somebody has to do, by severity, or by the values of the label of that name. */
export const lanesByNeed = '';
export const lanesBySeverity = '@severity';

export const maxGroupLabels = 4;
export const maxLabelName = 200;
const labelName = v.pipe(v.string(), v.maxLength(maxLabelName));

export const arrangementSchema = v.object({
  lanes: labelName,
  /** Names of labels; none shows incidents as they are. */
  groupBy: v.pipe(v.array(labelName), v.maxLength(maxGroupLabels)),
  /** Null: as each section says. */
  sort: v.nullable(v.picklist(sortKeys)),
  reversed: v.boolean(),
});
export type Arrangement = v.InferOutput<typeof arrangementSchema>;

export const asItComes: Arrangement = { lanes: lanesByNeed, groupBy: [], sort: null, reversed: false };
