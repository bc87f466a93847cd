import { isMap, isScalar } from 'yaml';
import { readYaml } from '#core/config/yaml-text.ts';
import { failed, success, type Result } from '#shared/result.ts';
import type { Labels } from '#shared/model/labels.ts';
import { readDuration } from '#shared/promql/syntax/durations.ts';

/**
 * Reads what the console needs of `global` in a Prometheus' configuration as it prints it. The rest may be
 * megabytes of scrape configurations, and secrets: it is not parsed.
 */
export interface GlobalSettings {
  readonly externalLabels: Labels;
  /** How often rules are evaluated, and the step of a subquery that names none. */
  readonly evaluationIntervalMs: number;
}

/** Source: https://prometheus.io/docs/prometheus/latest/configuration/configuration/ */
const defaultEvaluationIntervalMs = 60_000;

const maxGlobalLength = 100_000;
const maxLabels = 100;
const maxValueLength = 4_000;

/** @param text of /api/v1/status/config. @returns Prometheus' defaults for what is not there. */
export function globalSettingsIn(text: string): Result<GlobalSettings, string> {
  const from = text.search(/^global:/m);
  if (from === -1) return success({ externalLabels: {}, evaluationIntervalMs: defaultEvaluationIntervalMs });
  const rest = text.slice(from, from + maxGlobalLength);
  const next = rest.search(/\n[^\s#]/);
  if (next === -1 && rest.length === maxGlobalLength) return failed('its part "global" is too long');
  const { document, problems } = readYaml(next === -1 ? rest : rest.slice(0, next + 1), 'configuration');
  const [problem] = problems;
  if (problem !== undefined) return failed(`line ${problem.line} of "global": ${problem.message}`);
  const global = isMap(document?.contents) ? document.contents.get('global') : undefined;
  const externalLabels = labelsIn(isMap(global) ? global.get('external_labels') : undefined);
  if (!externalLabels.ok) return externalLabels;
  const interval = readDuration(String(isMap(global) ? global.get('evaluation_interval') : ''));
  const evaluationIntervalMs = interval.ok ? interval.value : defaultEvaluationIntervalMs;
  return success({ externalLabels: externalLabels.value, evaluationIntervalMs });
}

function labelsIn(written: unknown): Result<Labels, string> {
  if (!isMap(written)) return success({});
  if (written.items.length > maxLabels) return failed(`more than ${maxLabels} external labels`);
  const labels: Record<string, string> = {};
  for (const { key, value } of written.items) {
    if (!isScalar(key) || !isScalar(value) || String(value.value).length > maxValueLength)
      return failed('an external label is not a text, or too long');
    labels[String(key.value)] = String(value.value);
  }
  return success(labels);
}
