import { labelOf, type Labels } from '#shared/model/labels.ts';
import type { LogLevel } from '#shared/model/log.ts';

/** The level of a line, from the words that Loki, agents and programs use for it. */

const levels = new Map<string, LogLevel>(
  Object.entries({
    critical: ['critical', 'fatal', 'crit', 'emerg', 'emergency', 'alert', 'panic'],
    error: ['error', 'err', 'eror', 'severe'],
    warn: ['warn', 'warning', 'wrn'],
    info: ['info', 'information', 'informational', 'inf', 'notice'],
    debug: ['debug', 'dbug', 'dbg'],
    trace: ['trace', 'trc', 'verbose'],
  } as const).flatMap(([level, words]) => words.map((word) => [word, level as LogLevel] as const)),
);

/** @param word as a label has it, in any case; empty or unheard-of ones are `unknown`. */
export function levelOf(word: string): LogLevel {
  return levels.get(word.trim().toLowerCase()) ?? 'unknown';
}

/**
 * The level of one line: what Loki detected when it took the line in, else what the query's own parsers
 * or the stream's labels say.
 */
export function levelOfLine(stream: Labels, metadata: Labels, parsed: Labels): LogLevel {
  const detected = levelOf(labelOf(metadata, 'detected_level') || labelOf(stream, 'detected_level'));
  if (detected !== 'unknown') return detected;
  for (const labels of [parsed, metadata, stream]) {
    for (const name of ['level', 'severity', 'lvl']) {
      const level = levelOf(labelOf(labels, name));
      if (level !== 'unknown') return level;
    }
  }
  return 'unknown';
}
