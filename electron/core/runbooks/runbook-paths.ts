/**
 * Which files of the runbook folder may be meant by an alert, in the order to look: by the path at the
 * end of its `runbook_url`, then by the alert's name. Only names, no disk; every part is a plain file name.
 */

const maxParts = 8;
const maxPartLength = 200;

/** @returns paths relative to the folder, with `/`, without `..` or empty parts. */
export function runbookPaths(runbookUrl: string, alertName: string): string[] {
  const parts = partsOf(runbookUrl);
  const suffixes = parts.map((_part, index) => parts.slice(index).join('/'));
  const names = isFileName(alertName) ? [alertName, kebabCase(alertName)] : [];
  return [...new Set([...suffixes.map(asMarkdown), ...names.map((name) => `${name}.md`)])];
}

/** The last parts of a link's path; none where any is not a plain name. */
function partsOf(runbookUrl: string): string[] {
  const path = URL.parse(runbookUrl, 'https://runbooks.invalid/')?.pathname ?? '';
  const parts: string[] = [];
  for (const written of path.split('/').filter((part) => part !== '')) {
    const part = decoded(written);
    if (!isFileName(part)) return [];
    parts.push(part);
  }
  return parts.slice(-maxParts);
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
}

/** Hidden files, drives and streams of Windows, separators and control characters are no names of a runbook. */
function isFileName(part: string): boolean {
  return part !== '' && part.length <= maxPartLength && !part.startsWith('.') && !/[/\\:\p{Cc}]/u.test(part);
}

function asMarkdown(path: string): string {
  return /\.(?:md|html?)$/i.test(path) ? path.replace(/\.(?:md|html?)$/i, '.md') : `${path}.md`;
}

/** `HighErrorRate` and `KubePodOOMKilled` as `high-error-rate` and `kube-pod-oom-killed`. */
function kebabCase(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1-$2')
    .replace(/[\s_]+/g, '-')
    .toLowerCase();
}
