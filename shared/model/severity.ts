import * as v from 'valibot';

/**
 * Severity as the console ranks it. Servers write whatever word they like into the `severity` label;
 * the word is always shown, and a word we do not know ranks as info rather than vanishing.
 */
export const severityLevels = ['critical', 'warning', 'info'] as const;
export type SeverityLevel = (typeof severityLevels)[number];

export const severitySchema = v.object({
  level: v.picklist(severityLevels),
  /** The word to show: the level's own, or the server's where it is not one we know. */
  word: v.string(),
});
export type Severity = v.InferOutput<typeof severitySchema>;

const levelOfWord = new Map<string, SeverityLevel>([
  ...['critical', 'crit', 'page', 'fatal', 'emergency', 'error', 'high', 'p1', 'sev1'].map(
    (word) => [word, 'critical'] as const,
  ),
  ...['warning', 'warn', 'medium', 'ticket', 'p2', 'sev2'].map((word) => [word, 'warning'] as const),
  ...['info', 'information', 'low', 'none', 'notice', 'p3', 'sev3'].map((word) => [word, 'info'] as const),
]);

const wordOfLevel = { critical: 'Critical', warning: 'Warning', info: 'Info' } as const satisfies Record<
  SeverityLevel,
  string
>;

/**
 * Ranks the value of a `severity` label.
 * @param label the label's value; empty or unknown ranks as info, unknown keeps its own word.
 */
export function severityOf(label: string): Severity {
  const known = ranked.get(label);
  if (known !== undefined) return known;
  const severity = rank(label);
  if (ranked.size < maxRanked) ranked.set(label, severity);
  return severity;
}

/** Ten thousand alerts have a handful of words, and each is asked for its rank many times. */
const ranked = new Map<string, Severity>();
const maxRanked = 200;

function rank(label: string): Severity {
  const level = levelOfWord.get(label.trim().toLowerCase());
  if (level !== undefined) return { level, word: wordOfLevel[level] };
  return { level: 'info', word: label.trim() === '' ? wordOfLevel.info : label.trim() };
}

/** Orders worst first; negative when `left` is worse. */
export function compareSeverity(left: Severity, right: Severity): number {
  return severityLevels.indexOf(left.level) - severityLevels.indexOf(right.level);
}
