import { useMemo, type ReactNode } from 'react';
import type { RulesView as Rules, RuleView } from '#shared/model/rule.ts';
import { severityOf } from '#shared/model/severity.ts';
import { counted, plainText } from '#shared/text.ts';
import { formatSpan } from '#shared/time.ts';
import { useApp, useLive, useSession } from '../../app.ts';
import { Age } from '../../parts/age.tsx';
import { Glyph } from '../../parts/glyphs.tsx';
import { ruleItems, type RuleItem } from '../../parts/rule-items.ts';
import { useSight } from '../../parts/use-sight.ts';
import { ViewHeader } from '../../parts/view-header.tsx';
import { classes } from '../../ui/classes.ts';
import { KeyChip } from '../../ui/key-chip.tsx';
import { RowGrid, type GridItem } from '../../ui/row-grid.tsx';
import { RuleDetail } from './rule-detail.tsx';
import { ruleUnderCursor, wordOf } from './rules-model.ts';
import styles from './rules.module.css';

const columns = '120px minmax(200px, 1.4fr) minmax(0, 1fr) 56px 56px minmax(0, 1.4fr)';
const heads = [
  { name: 'State' },
  { name: 'Rule' },
  { name: 'Group' },
  { name: 'Alerts', end: true },
  { name: 'For', end: true },
  { name: 'Expression' },
] as const;

/** The console's own alerting rules: what was loaded, how it goes, and what is wrong with the files. */
export function RulesView() {
  const { session } = useApp();
  const rules = useLive((state) => state.rules);
  const chosen = useSession((state) => state.ruleCursor);
  const blind = useSight().kind === 'blind';
  const items = useMemo(() => ruleItems(rules), [rules]);
  const cursor = ruleUnderCursor(items, chosen);
  const rows = useMemo(
    (): readonly GridItem[] =>
      items.map((item) => ({
        key: item.key,
        heading: false,
        cells: <RuleCells item={item} blind={blind} />,
      })),
    [items, blind],
  );
  const choose = (key: string): void => session.setState({ ruleCursor: key });
  return (
    <div className={styles.view}>
      <ViewHeader title="Local rules">
        <p className={styles.about}>{aboutOf(rules)}</p>
      </ViewHeader>
      <Problems rules={rules} />
      {cursor === undefined ? (
        <p className={styles.message}>{emptyWords(rules)}</p>
      ) : (
        <div className={styles.panes}>
          <RowGrid
            id="rule-list"
            label="Local rules"
            columns={columns}
            heads={heads}
            items={rows}
            cursor={cursor.key}
            onCursor={choose}
            onOpen={choose}
          />
          <RuleDetail item={cursor} blind={blind} />
        </div>
      )}
    </div>
  );
}

function RuleCells({ item: { rule, group }, blind }: { readonly item: RuleItem; readonly blind: boolean }) {
  return (
    <>
      <span role="gridcell">
        <RuleState rule={rule} blind={blind} />
      </span>
      <span role="gridcell" title={plainText(rule.name, 200)}>
        {plainText(rule.name, 80)}
      </span>
      <span role="gridcell" className={styles.faint}>
        {plainText(group.name, 80)}
        {group.lastEvaluatedAtMs === null ? null : (
          <>
            {', '}
            <Age sinceMs={group.lastEvaluatedAtMs} short /> ago
          </>
        )}
      </span>
      <span role="gridcell" className={styles.end}>
        {rule.alertCount === 0 ? '' : rule.alertCount}
      </span>
      <span role="gridcell" className={styles.end}>
        {rule.forMs === 0 ? '' : formatSpan(rule.forMs)}
      </span>
      <span role="gridcell" className={styles.mono}>
        {plainText(rule.expression.replaceAll(/\s+/g, ' '), 200)}
      </span>
    </>
  );
}

/** Severity colours what fires; a rule that cannot be evaluated has a shape of its own, whatever its severity. */
function RuleState({ rule, blind }: { readonly rule: RuleView; readonly blind: boolean }) {
  const word = wordOf(rule);
  if (rule.health === 'error') {
    return (
      <span className={classes(styles.state, styles.failing)}>
        <Glyph name="failed" /> {word}
      </span>
    );
  }
  if (rule.health !== 'ok' || rule.state === 'inactive') return <span className={styles.faint}>{word}</span>;
  const { level } = severityOf(rule.labels['severity'] ?? '');
  const isFiring = rule.state === 'firing' && !blind;
  return (
    <span className={classes(styles.state, isFiring ? styles[level] : styles.faint)}>
      <Glyph name={level} outlined={!isFiring} plain={!isFiring} /> {blind ? `was ${word}` : word}
    </span>
  );
}

/** What of the files could not be loaded, each with its place. */
function Problems({ rules }: { readonly rules: Rules | null }) {
  const problems = rules?.problems ?? [];
  if (problems.length === 0) return null;
  return (
    <ul className={styles.problems} aria-label="Problems of the rule files" tabIndex={0}>
      {problems.slice(0, 20).map((problem, index) => (
        <li key={index} className={problem.severity === 'error' ? styles.failing : undefined}>
          <span className={styles.mono}>
            {plainText(problem.file, 200)}:{problem.line}:{problem.column}
          </span>{' '}
          {plainText(problem.message, 300)}
          {problem.accepted === '' ? null : (
            <span className={styles.faint}> Accepted: {plainText(problem.accepted, 200)}</span>
          )}
        </li>
      ))}
      {problems.length > 20 ? <li>and {problems.length - 20} more</li> : null}
    </ul>
  );
}

function aboutOf(rules: Rules | null): string {
  if (rules === null || rules.folder === '') return '';
  const count = rules.groups.reduce((sum, group) => sum + group.rules.length, 0);
  const source = rules.source === '' ? 'no Prometheus to ask' : `asked of ${plainText(rules.source, 64)}`;
  return `${counted(count, 'rule')} from ${plainText(rules.folder, 120)}, ${source}`;
}

function emptyWords(rules: Rules | null): ReactNode {
  if (rules === null) return 'Asking the core for its rules.';
  if (rules.folder === '') {
    return (
      <>
        No local rules. Name their folder in the configuration file: rules.folder. <KeyChip chord="g ," />{' '}
        says where the file is.
      </>
    );
  }
  return 'The folder has no rule that could be loaded.';
}
