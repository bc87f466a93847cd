import type { Template } from '#shared/gotemplate/template.ts';
import type { Labels } from '#shared/model/labels.ts';

import type { Position } from '#core/config/configuration.ts';

/** Rules as they are loaded: checked, with every template read. */

export interface RuleGroup {
  /** File and name: what its state is kept under. */
  readonly key: string;
  /** The file's name in the folder. */
  readonly file: string;
  readonly name: string;
  readonly intervalMs: number;
  /** How far before its slot a query asks. */
  readonly queryOffsetMs: number;
  /** The most alerts of one rule; 0 for no limit. */
  readonly limit: number;
  readonly rules: readonly Rule[];
  /** Everything that it is evaluated by, as text: groups with the same go on untouched. */
  readonly signature: string;
}

export interface Rule {
  readonly kind: 'alerting' | 'recording';
  readonly name: string;
  readonly expression: string;
  readonly forMs: number;
  readonly keepFiringForMs: number;
  /** As written, the group's included. */
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly labelTemplates: readonly NamedTemplate[];
  readonly annotationTemplates: readonly NamedTemplate[];
  readonly line: number;
  /** Where a template of its first names what only the server that answers knows of itself; null for none. */
  readonly serverNamedAt: Position | null;
}

export interface NamedTemplate {
  readonly name: string;
  readonly template: Template;
}
