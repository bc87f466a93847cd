import type { RoutingConfiguration } from '#shared/routing/model.ts';
import { readRoutingConfiguration } from '#shared/routing/read/read-configuration.ts';

/**
 * The demo Alertmanager's configuration: read as the console itself reads one. The file ships with the
 * program, so that a mistake in it is a bug and throws.
 */
export interface Configuration {
  /** The file's text, as `/status` shows it. */
  readonly original: string;
  readonly routing: RoutingConfiguration;
}

export function readConfiguration(text: string): Configuration {
  const routing = readRoutingConfiguration(text);
  const [problem] = routing.problems;
  if (problem !== undefined)
    throw new Error(
      `line ${problem.line}, ${problem.field}: ${problem.message}; accepted: ${problem.accepted}`,
    );
  return { original: text, routing };
}
