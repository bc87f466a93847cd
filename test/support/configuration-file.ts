import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Writes a configuration whose sources are asked every second, and answers its path. */
export function writeConfiguration(
  folder: string,
  sources: readonly {
    readonly name: string;
    readonly kind: string;
    readonly url: string;
    readonly tenant?: string;
    /** Matchers of the alert that always fires there. */
    readonly watchdog?: string;
  }[],
): string {
  const path = join(folder, 'opssight.yaml');
  const lines = sources.flatMap(({ name, kind, url, tenant, watchdog }) => [
    `  - name: ${name}`,
    `    kind: ${kind}`,
    `    url: ${url}`,
    '    poll: 1s',
    '    timeout: 5s',
    ...(tenant === undefined ? [] : [`    tenant: ${tenant}`]),
    ...(watchdog === undefined ? [] : [`    watchdog: { matchers: '${watchdog}' }`]),
  ]);
  writeFileSync(path, ['environment: test', 'operator: tester', 'sources:', ...lines, ''].join('\n'));
  return path;
}
