import type { Node } from 'yaml';
import type { Position } from '#core/config/configuration.ts';
import { readYaml } from '#core/config/yaml-text.ts';
import { functionNames } from '#shared/gotemplate/functions.ts';
import { parsePrometheusDuration } from '#shared/gotemplate/durations.ts';
import { parseTemplate } from '#shared/gotemplate/template.ts';
import type { ConfigurationProblem } from '#shared/model/settings.ts';
import { minuteMs } from '#shared/time.ts';
import { syntaxErrorIn } from './rule-expression.ts';
import { offsetOf, RuleNodes, TooMuchYaml, type TextNode } from './rule-nodes.ts';
import type { NamedTemplate, Rule, RuleGroup } from './rule.ts';

/**
 * Reads one rule file as Prometheus does: strictly, and with any error in it nothing of it counts.
 * Source: prometheus model/rulefmt.
 */
export interface RuleFile {
  readonly groups: readonly RuleGroup[];
  readonly problems: readonly ConfigurationProblem[];
}

const groupKeys = ['name', 'interval', 'query_offset', 'limit', 'labels', 'rules'];
const ruleKeys = ['record', 'alert', 'expr', 'for', 'keep_firing_for', 'labels', 'annotations'];
const durations = 'a duration such as 30s, 5m or 1h30m';
const maxRules = 2_000;

export function readRuleFile(text: string, file: string): RuleFile {
  const yaml = readFirstDocument(text, file);
  if (yaml.document === null) return { groups: [], problems: yaml.problems };
  const nodes = new RuleNodes(file, yaml.document, yaml.positionAt);
  nodes.problems.push(...yaml.problems);
  let groups: readonly RuleGroup[] = [];
  try {
    groups = new Reader(nodes, text).groups(yaml.document.contents);
  } catch (error) {
    if (!(error instanceof TooMuchYaml)) throw error;
    nodes.problems.length = 0;
    nodes.report(error.offset, '', error.message, 'what is meant, written out');
  }
  const isRefused = nodes.problems.some(({ severity }) => severity === 'error');
  return { groups: isRefused ? [] : groups, problems: nodes.problems };
}

/** Prometheus reads the first document and remarks on the others. */
function readFirstDocument(text: string, file: string): ReturnType<typeof readYaml> {
  const yaml = readYaml(text, file);
  const [only] = yaml.problems;
  if (yaml.problems.length !== 1 || only?.message !== 'found a second document') return yaml;
  const lines = text.split('\n').slice(0, only.line - 1);
  const first = readYaml(lines.join('\n'), file);
  const warning = { ...only, severity: 'warning', message: 'only the first document counts' } as const;
  return { ...first, problems: [...first.problems, warning] };
}

class Reader {
  readonly #nodes: RuleNodes;
  readonly #text: string;
  #rules = 0;

  constructor(nodes: RuleNodes, text: string) {
    this.#nodes = nodes;
    this.#text = text;
  }

  groups(contents: Node | null): RuleGroup[] {
    const top = this.#nodes.fields(contents, '', ['groups']);
    const names = new Set<string>();
    return this.#nodes.items(top?.get('groups'), 'groups').flatMap((node, index) => {
      const group = this.#group(node, `groups[${index}]`, names);
      return group === undefined ? [] : [group];
    });
  }

  #group(node: unknown, path: string, names: Set<string>): RuleGroup | undefined {
    const nodes = this.#nodes;
    const fields = nodes.fields(node, path, groupKeys);
    if (fields === undefined) return undefined;
    const name = nodes.text(fields.get('name'), `${path}.name`);
    const nameOffset = name?.range[0] ?? offsetOf(node);
    if (name === undefined || name.text === '')
      nodes.report(nameOffset, path, 'the group has no name', 'a name, unique in the file');
    else if (names.has(name.text))
      nodes.report(nameOffset, path, `there is another group "${name.text}"`, 'a name, unique in the file');
    names.add(name?.text ?? '');
    const intervalMs = this.#duration(fields.get('interval'), `${path}.interval`);
    const groupLabels = nodes.texts(fields.get('labels'), `${path}.labels`);
    const rules = nodes.items(fields.get('rules'), `${path}.rules`).flatMap((rule, index) => {
      const read = this.#rule(rule, `${path}.rules[${index}]`, groupLabels);
      return read === undefined ? [] : [read];
    });
    const group = {
      key: `${nodes.file};${name?.text ?? ''}`,
      file: nodes.file,
      name: name?.text ?? '',
      // Where nothing is said, or 0, Prometheus' own default for evaluation_interval.
      intervalMs: intervalMs === 0 ? minuteMs : intervalMs,
      queryOffsetMs: this.#duration(fields.get('query_offset'), `${path}.query_offset`),
      limit: this.#limit(fields.get('limit'), `${path}.limit`),
      rules,
    };
    return { ...group, signature: signatureOf(group) };
  }

  #rule(node: unknown, path: string, groupLabels: ReadonlyMap<string, TextNode>): Rule | undefined {
    const nodes = this.#nodes;
    this.#rules += 1;
    if (this.#rules === maxRules + 1)
      nodes.report(offsetOf(node), path, 'too many rules in one file', `at most ${maxRules}`);
    if (this.#rules > maxRules) return undefined;
    const fields = nodes.fields(node, path, ruleKeys);
    if (fields === undefined) return undefined;
    const name = this.#nameOf(fields, node, path);
    const isAlert = fields.has('alert');
    for (const key of ['for', 'keep_firing_for', 'annotations'])
      if (!isAlert && fields.has(key))
        nodes.report(
          offsetOf(fields.get(key)),
          `${path}.${key}`,
          `"${key}" in a recording rule`,
          'it only belongs to an alert',
        );
    const own = nodes.texts(fields.get('labels'), `${path}.labels`);
    for (const [label, { keyOffset }] of own)
      if (label === '' || label === '__name__' || !label.isWellFormed())
        nodes.report(keyOffset, `${path}.labels`, `invalid label name: ${label}`, 'any name but __name__');
    const annotations = nodes.texts(fields.get('annotations'), `${path}.annotations`);
    const labels = new Map<string, TextNode>([...groupLabels, ...own]);
    // Every rule has the labels of its group anew.
    for (const { text } of groupLabels.values()) nodes.spendText(text.length, offsetOf(node));
    const expression = this.#expression(fields.get('expr'), node, path);
    return {
      kind: isAlert ? 'alerting' : 'recording',
      name,
      expression,
      forMs: this.#duration(fields.get('for'), `${path}.for`),
      keepFiringForMs: this.#duration(fields.get('keep_firing_for'), `${path}.keep_firing_for`),
      labels: textsOf(labels),
      annotations: textsOf(annotations),
      labelTemplates: isAlert ? this.#templates(labels, `${path}.labels`) : [],
      annotationTemplates: isAlert ? this.#templates(annotations, `${path}.annotations`) : [],
      line: nodes.placeOf(offsetOf(node)).line,
      serverNamedAt: isAlert ? this.#serverNamedIn([...labels.values(), ...annotations.values()]) : null,
    };
  }

  #serverNamedIn(texts: readonly TextNode[]): Position | null {
    for (const node of texts) {
      const offset = node.text.search(/[eE]xternal(?:Labels|URL)|pathPrefix/);
      if (offset !== -1 && node.text.includes('{{')) return this.#nodes.placeOf(this.#offsetIn(node, offset));
    }
    return null;
  }

  #nameOf(fields: ReadonlyMap<string, Node>, node: unknown, path: string): string {
    const nodes = this.#nodes;
    const alert = nodes.text(fields.get('alert'), `${path}.alert`);
    const record = nodes.text(fields.get('record'), `${path}.record`);
    if (alert !== undefined && record !== undefined)
      nodes.report(record.range[0], path, 'only one of "record" and "alert" can be set', 'one of them');
    const name = alert ?? record;
    if (name === undefined || name.text === '')
      nodes.report(
        name?.range[0] ?? offsetOf(node),
        path,
        'one of "record" and "alert" must be set',
        'alert: a name, or record: a metric',
      );
    if (record !== undefined && /[{}]/.test(record.text))
      nodes.report(
        record.range[0],
        `${path}.record`,
        `invalid recording rule name: ${record.text}`,
        'the name of a metric, labels under "labels"',
      );
    return name?.text ?? '';
  }

  #expression(node: Node | undefined, rule: unknown, path: string): string {
    const written = this.#nodes.text(node, `${path}.expr`);
    if (written === undefined || written.text.trim() === '') {
      this.#nodes.report(
        node === undefined ? offsetOf(rule) : offsetOf(node),
        path,
        'field "expr" must be set',
        'expr: a PromQL expression',
      );
      return '';
    }
    const error = syntaxErrorIn(written.text);
    if (error !== null)
      this.#nodes.report(
        this.#offsetIn(written, error.offset),
        `${path}.expr`,
        error.message,
        'a PromQL expression',
      );
    return written.text;
  }

  #templates(texts: ReadonlyMap<string, TextNode>, path: string): NamedTemplate[] {
    return [...texts].flatMap(([name, node]) => {
      const template = parseTemplate(node.text);
      if (template.ok) return [{ name, template: template.value }];
      const { message, offset } = template.failure;
      const accepted = message.startsWith('function')
        ? functionNames().join(', ')
        : "a template as in Prometheus' rule files";
      this.#nodes.report(this.#offsetIn(node, offset), `${path}.${name}`, message, accepted);
      return [];
    });
  }

  /**
   * The place in the file of a place in a value. Block texts are indented and folded, so the piece around
   * the place is searched for; where it is not found as written, the value's own place has to do.
   */
  #offsetIn({ text, range: [from, to] }: TextNode, offset: number): number {
    const source = this.#text.slice(from, to);
    const start = Math.max(text.lastIndexOf('{{', offset), text.lastIndexOf('\n', offset - 1) + 1);
    const begin = Math.max(0, Math.min(start, offset));
    const end = text.indexOf('\n', offset);
    const piece = text.slice(begin, Math.min(end === -1 ? text.length : end, offset + 20));
    if (piece === '') return from;
    let found = source.indexOf(piece);
    // The same piece may stand in the value more than once.
    for (let earlier = text.indexOf(piece); earlier !== -1 && earlier < begin && found !== -1;) {
      found = source.indexOf(piece, found + 1);
      earlier = text.indexOf(piece, earlier + 1);
    }
    return found === -1 ? from : from + found + (offset - begin);
  }

  #duration(node: Node | undefined, path: string): number {
    const written = this.#nodes.text(node, path);
    if (written === undefined) return 0;
    const ms = parsePrometheusDuration(written.text);
    if (ms === null)
      this.#nodes.report(
        written.range[0],
        path,
        `not a valid duration: "${written.text.slice(0, 100)}"`,
        durations,
      );
    return ms ?? 0;
  }

  #limit(node: Node | undefined, path: string): number {
    const written = this.#nodes.text(node, path);
    if (written === undefined) return 0;
    if (!/^-?\d{1,9}$/.test(written.text))
      this.#nodes.report(
        written.range[0],
        path,
        'this is not a whole number',
        'a whole number, 0 for no limit',
      );
    return Number.parseInt(written.text, 10) || 0;
  }
}

function textsOf(texts: ReadonlyMap<string, TextNode>): Record<string, string> {
  return Object.fromEntries([...texts].map(([name, { text }]) => [name, text]));
}

function signatureOf({ intervalMs, queryOffsetMs, limit, rules }: Omit<RuleGroup, 'signature'>): string {
  const written = rules.map(
    ({ kind, name, expression, forMs, keepFiringForMs, labels, annotations, line }) => [
      kind,
      name,
      expression,
      forMs,
      keepFiringForMs,
      labels,
      annotations,
      line,
    ],
  );
  return JSON.stringify([intervalMs, queryOffsetMs, limit, written]);
}
