import { useMemo } from 'react';
import { incidentName, type IncidentDetail, type IncidentRow } from '#shared/model/incident.ts';
import { localRulesSource } from '#shared/model/rule.ts';
import { plainText } from '#shared/text.ts';
import { openRule } from '../../actions/across.ts';
import { show } from '../../actions/view.ts';
import { useApp, useLive, useSession } from '../../app.ts';
import { ChartPanel } from '../../parts/chart-panel.tsx';
import { IncidentActions } from '../../parts/incident-actions.tsx';
import { ageEndMs, furtherWords, isOpen, stateSentence } from '../../parts/incident-words.ts';
import { NoteForm } from '../../parts/note-form.tsx';
import { SeverityTag } from '../../parts/severity-tag.tsx';
import { useIncident } from '../../parts/use-incident.ts';
import { placeOf, ruleBehind } from '../../parts/rule-items.ts';
import { useSight } from '../../parts/use-sight.ts';
import { withPending } from '../../stores/pending.ts';
import { Age } from '../../parts/age.tsx';
import { Button } from '../../ui/button.tsx';
import { classes } from '../../ui/classes.ts';
import { Evidence } from './evidence.tsx';
import { noteInputId } from './incident-commands.ts';
import { AlertTable } from './alert-table.tsx';
import styles from './incident.module.css';
import { LabelLine } from './label-line.tsx';
import { MergedLine } from './merged-line.tsx';
import { Timeline } from './timeline.tsx';

/** One incident whole: what happened at the left, what it is about at the right. */
export function IncidentView({ id }: { readonly id: number }) {
  const detail = useIncident(id);
  const row = useShownRow(id, detail);
  const blind = useSight().kind === 'blind';
  if (row === undefined) return <NoIncident id={id} known={detail !== null} />;
  return (
    <div className={styles.view}>
      <IncidentHeader row={row} detail={detail} blind={blind} />
      <div className={styles.about}>
        <LabelLine labels={row.labels} />
        <p>{plainText(row.summary, 400)}</p>
        {furtherWords(row) === '' ? null : <p>Also {furtherWords(row)}.</p>}
        <MergedLine id={id} />
      </div>
      <div className={styles.panes}>
        <section className={styles.timeline} aria-label="Timeline">
          <h2 className={styles.heading}>
            <strong>Timeline</strong>
            <span className={styles.faint}>{detail?.timeline.length ?? ''}</span>
            <span className={styles.right}>offset from fire</span>
          </h2>
          <div className={styles.scroll} tabIndex={0} role="group" aria-label="Entries">
            {detail === undefined || detail === null ? (
              <p className={styles.waiting}>Asking the core for its timeline.</p>
            ) : (
              <Timeline entries={detail.timeline} row={row} />
            )}
          </div>
          <NoteForm
            incidentIds={[id]}
            inputId={noteInputId}
            onDone={() => document.getElementById('main')?.focus()}
          />
        </section>
        <div className={styles.evidence} tabIndex={0} role="group" aria-label="Evidence and alerts">
          <ChartPanel
            row={row}
            expression={detail?.expression ?? ''}
            blind={blind}
            height={240}
            legend="beside"
          />
          <Evidence incidentId={id} blind={blind} />
          {detail === undefined || detail === null ? null : (
            <AlertTable alerts={detail.alerts} blind={blind} />
          )}
        </div>
      </div>
    </div>
  );
}

/**
 * The row of the list, which carries verdicts on their way; an old incident has only its own. Of a merged one
 * the list has what it was like when that was done.
 */
function useShownRow(id: number, detail: IncidentDetail | null | undefined): IncidentRow | undefined {
  const listed = useLive((state) => state.incidents?.find((row) => row.id === id));
  const pending = useSession((state) => state.pending);
  const isMerged = (listed?.mergedInto ?? null) !== null;
  const row = isMerged ? (detail?.row ?? listed) : (listed ?? detail?.row);
  return row === undefined ? undefined : withPending([row], pending)[0];
}

interface IncidentHeaderProps {
  readonly row: IncidentRow;
  readonly detail: IncidentDetail | null | undefined;
  readonly blind: boolean;
}

function IncidentHeader({ row, detail, blind }: IncidentHeaderProps) {
  const app = useApp();
  const endMs = ageEndMs(row, blind);
  return (
    <header className={styles.header}>
      <Button chord="Escape" className={styles.trail} onClick={() => show(app, { kind: 'inbox' })}>
        Inbox
      </Button>
      <SeverityTag row={row} blind={blind} />
      <h1 className={styles.title}>{plainText(row.title, 120)}</h1>
      <span className={classes(styles.mono, styles.service)}>{plainText(row.service, 60)}</span>
      <span className={styles.monoFaint}>{incidentName(row.id)}</span>
      {row.sources.includes(localRulesSource) ? <LocalRule detail={detail} /> : null}
      <span className={styles.sentence}>
        {stateSentence(row, blind)},{' '}
        <strong className="mono">
          {endMs === null || !isOpen(row) ? '' : '≥ '}
          <Age sinceMs={row.startsAtMs} untilMs={endMs} />
        </strong>
      </span>
      <IncidentActions row={row} onNote={() => document.getElementById(noteInputId)?.focus()} />
    </header>
  );
}

/** That the console itself raised it, and by which rule: one key leads there. */
function LocalRule({ detail }: { readonly detail: IncidentDetail | null | undefined }) {
  const app = useApp();
  const rules = useLive((state) => state.rules);
  const item = useMemo(() => ruleBehind(rules, detail?.alerts ?? []), [rules, detail]);
  if (item === undefined) return <span className={styles.monoFaint}>local rule</span>;
  return (
    <Button chord="7" className={styles.monoFaint} onClick={() => openRule(app, item.key)}>
      local rule {plainText(placeOf(item), 60)}
    </Button>
  );
}

function NoIncident({ id, known }: { readonly id: number; readonly known: boolean }) {
  const app = useApp();
  return (
    <div className={styles.none}>
      <h1 className={styles.title}>{incidentName(id)}</h1>
      <p>{known ? 'Asking the core for this incident.' : 'There is no such incident in this data folder.'}</p>
      <Button chord="Escape" onClick={() => show(app, { kind: 'inbox' })}>
        Inbox
      </Button>
    </div>
  );
}
