import { useMemo } from 'react';
import type { RoutingTree } from '#shared/model/routing.ts';
import { counted, plainText } from '#shared/text.ts';
import { useApp, useLive } from '../../app.ts';
import { hasAlertmanager } from '../../stores/alert-tellers.ts';
import { SourceChoice } from '../../parts/source-choice.tsx';
import { TraceFailure, TraceNote, TraceUnknown } from '../../parts/trace-note.tsx';
import { ViewHeader } from '../../parts/view-header.tsx';
import { Button } from '../../ui/button.tsx';
import { classes } from '../../ui/classes.ts';
import { KeyChip } from '../../ui/key-chip.tsx';
import { RowGrid, type GridItem } from '../../ui/row-grid.tsx';
import { LabelInput } from './label-input.tsx';
import { readLabelLine } from '../../parts/label-line.ts';
import { PagingAnswer } from './paging-answer.tsx';
import { Matchers, RouteDetail } from './route-detail.tsx';
import {
  groupText,
  intervalText,
  outcomeWord,
  routeUnderCursor,
  takenOf,
  takenRoutes,
  timingText,
  type TakenRow,
} from './route-rows.ts';
import { chooseSource, routingActions } from './routing-commands.ts';
import styles from './routing.module.css';
import { TextForm } from './text-form.tsx';
import { useQuestions, useRouting } from './use-routing.ts';

const heads = [
  { name: 'The alert' },
  { name: 'Takes' },
  { name: 'Receiver' },
  { name: 'Grouped by' },
  { name: 'Wait / look / repeat' },
  { name: 'Time' },
] as const;
/** CSS pixels a level; deeper ones than this are not moved in any further. */
const indent = 16;
const deepestIndent = 12;

/** How alerts are routed: the tree, and for any labels whom they page, by which way, and when. */
export function RoutingView() {
  const app = useApp();
  useQuestions();
  const text = useRouting((state) => state.text);
  const source = useRouting((state) => state.source);
  const typed = useRouting((state) => state.typed);
  const isOpening = useRouting((state) => state.isOpening);
  const tree = useRouting((state) => state.tree);
  const paging = useRouting((state) => state.paging);
  const read = useMemo(() => readLabelLine(typed), [typed]);
  const isKnown = tree.answer !== null && tree.answer.origin.kind !== 'unknown';
  return (
    <div className={styles.view}>
      <ViewHeader title="Routing">
        <p className={styles.about}>{isKnown && tree.answer !== null ? aboutOf(tree.answer) : ''}</p>
        {text === null ? (
          <>
            <TraceNote
              origin={tree.answer?.origin ?? null}
              failure={tree.failure}
              askedAtMs={tree.askedAtMs}
            />
            <SourceChoice
              kind="alertmanager"
              value={source}
              chord="s"
              onChoose={(name) => chooseSource(app, name)}
            />
          </>
        ) : (
          <>
            <span className={styles.opened}>of {plainText(text.name, 80)}</span>
            <Button chord="x" onClick={() => routingActions['routing.close'].run(app)}>
              Close
            </Button>
          </>
        )}
        <Button className={styles.last} chord="o" onClick={() => routingActions['routing.open'].run(app)}>
          Open a text
        </Button>
      </ViewHeader>
      <div className={styles.ask}>
        <LabelInput fault={read.ok ? null : read.fault} />
        {tree.answer !== null && !isKnown ? null : (
          <PagingAnswer
            paging={paging.answer}
            failure={paging.failure}
            fault={read.ok ? null : read.fault}
            typed={typed}
          />
        )}
      </div>
      <Problems tree={tree.answer} />
      <Tree isAnswered={read.ok} />
      {isOpening ? <TextForm /> : null}
    </div>
  );
}

/** @param isAnswered what is written are labels: what they take is not shown while they are not. */
function Tree({ isAnswered }: { readonly isAnswered: boolean }) {
  const { routing } = useApp();
  const tree = useRouting((state) => state.tree);
  const paging = useRouting((state) => (isAnswered ? state.paging.answer : null));
  const cursor = useRouting(routeUnderCursor);
  const taken = useMemo(() => takenRoutes(tree.answer, paging), [tree.answer, paging]);
  const items = useMemo(() => itemsOf(tree.answer, taken), [tree.answer, taken]);
  const isThereOne = useLive(({ sources }) => sources === null || hasAlertmanager(sources));
  const choose = (key: string): void => routing.setState({ cursor: Number(key) });
  if (tree.answer === null) {
    return tree.failure === null ? (
      <p className={styles.message}>Asking the core how alerts are routed.</p>
    ) : (
      <TraceFailure what="The routing was not read" failure={tree.failure} />
    );
  }
  const { origin } = tree.answer;
  if (origin.kind === 'unknown' && !isThereOne) return <NoAlertmanager />;
  if (origin.kind === 'unknown')
    return <TraceUnknown what="Not known how alerts are routed" reason={origin.reason} />;
  if (cursor === undefined)
    return <p className={styles.message}>No route can be read in it: alerts reach nobody.</p>;
  return (
    <div className={styles.panes}>
      <RowGrid
        id="routing-tree"
        label="Routes"
        columns="var(--routing-columns)"
        heads={heads}
        items={items}
        cursor={String(cursor.id)}
        onCursor={choose}
        onOpen={choose}
      />
      <RouteDetail route={cursor} taken={takenOf(taken, cursor.id)} atMs={paging?.atMs ?? 0} />
    </div>
  );
}

function NoAlertmanager() {
  const isSafeMode = useLive((state) => state.console?.safeMode === true);
  if (isSafeMode) {
    return (
      <p className={styles.message}>
        Safe mode: no Alertmanager is asked, and whom alerts page is not known. <KeyChip chord="o" /> opens a
        configuration’s text.
      </p>
    );
  }
  return (
    <p className={styles.message}>
      Alerts are routed by an Alertmanager, and none is configured: whom they page is not known.{' '}
      <KeyChip chord="g ," /> adds one, <KeyChip chord="o" /> opens a configuration’s text.
    </p>
  );
}

function itemsOf(tree: RoutingTree | null, taken: ReadonlyMap<number, TakenRow>): readonly GridItem[] {
  const shown = (tree?.routes ?? []).map((route): GridItem => {
    const own = takenOf(taken, route.id);
    const isTaken = own.isPath || own.delivery !== null;
    const look = classes(taken.size > 0 && !isTaken && styles.passed);
    return {
      key: String(route.id),
      heading: false,
      cells: (
        <>
          <span role="gridcell" className={classes(own.delivery === null ? styles.faint : styles.outcome)}>
            {outcomeWord(own)}
          </span>
          <span
            role="gridcell"
            className={look}
            style={{ paddingLeft: indent * Math.min(route.depth, deepestIndent) }}
          >
            <span className={styles.tokenLine}>
              {route.depth > 0 ? <span className="unseen">level {route.depth + 1} </span> : null}
              <Matchers route={route} most={6} />
              {route.goesOn ? <span className={styles.faint}>and goes on</span> : null}
            </span>
          </span>
          <span role="gridcell" className={look} title={plainText(route.receiver, 200)}>
            {plainText(route.receiver, 80) || 'no receiver'}{' '}
            <span className={styles.faint}>{route.integrations.join(', ') || 'tells nobody'}</span>
          </span>
          <span role="gridcell" className={classes('mono', look)}>
            {groupText(route)}
          </span>
          <span role="gridcell" className={classes('mono', look)}>
            {timingText(route)}
          </span>
          <span role="gridcell" className={look}>
            {intervalText(route)}
          </span>
        </>
      ),
    };
  });
  const more = (tree?.routeCount ?? 0) - shown.length;
  if (more <= 0) return shown;
  return [...shown, { key: 'more', heading: true, cells: <span>and {more} more routes</span> }];
}

/** What a server would refuse the configuration for, each with its place. */
function Problems({ tree }: { readonly tree: RoutingTree | null }) {
  const problems = tree?.problems ?? [];
  if (problems.length === 0) return null;
  return (
    <section className={styles.problems} aria-label="Why it would be refused" tabIndex={0}>
      <p className={styles.fault}>
        <strong>Would be refused</strong> by Alertmanager: no server routes by it. The tree is answered all
        the same.
      </p>
      <ul>
        {problems.slice(0, 50).map((problem, index) => (
          <li key={index}>
            <span className="mono">
              line {problem.line}
              {problem.field === '' ? '' : `, ${plainText(problem.field, 200)}`}
            </span>{' '}
            {plainText(problem.message, 300)}{' '}
            <span className={styles.faint}>Accepted: {plainText(problem.accepted, 300)}</span>
          </li>
        ))}
        {problems.length > 50 ? <li>and {problems.length - 50} more</li> : null}
      </ul>
    </section>
  );
}

function aboutOf({ routeCount, inhibitRules }: RoutingTree): string {
  return `${counted(routeCount, 'route')}, ${counted(inhibitRules, 'inhibit rule')}`;
}
