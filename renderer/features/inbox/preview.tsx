import type { IncidentSigns } from '#shared/model/incident-signs.ts';
import { incidentName, type IncidentDetail, type IncidentRow } from '#shared/model/incident.ts';
import { labelOf, type Labels } from '#shared/model/labels.ts';
import { plainText } from '#shared/text.ts';
import { formatClock, formatDateTime, formatSpan } from '#shared/time.ts';
import { openIncident, openOverlay } from '../../actions/view.ts';
import { useApp } from '../../app.ts';
import { AlertList } from '../../parts/alert-list.tsx';
import { ChartPanel } from '../../parts/chart-panel.tsx';
import { IncidentActions } from '../../parts/incident-actions.tsx';
import { ageEndMs, isOpen, stateSentence } from '../../parts/incident-words.ts';
import { LabelToken } from '../../parts/label-token.tsx';
import { ServerText } from '../../parts/server-text.tsx';
import { SeverityTag } from '../../parts/severity-tag.tsx';
import { useIncident } from '../../parts/use-incident.ts';
import { Age } from '../../parts/age.tsx';
import { Annotations } from './annotations.tsx';
import { muteOf } from './muted-tag.tsx';
import styles from './preview.module.css';

const maxAlerts = 8;

interface PreviewProps {
  readonly row: IncidentRow;
  readonly signs: IncidentSigns | undefined;
  readonly blind: boolean;
}

/** The incident under the cursor, whole enough to decide on. */
export function Preview({ row, signs, blind }: PreviewProps) {
  const app = useApp();
  const detail = useIncident(row.id) ?? null;
  return (
    <aside className={styles.preview} aria-label={`Preview of ${incidentName(row.id)}`} tabIndex={0}>
      <header className={styles.header}>
        <p className={styles.state}>
          <SeverityTag row={row} blind={blind} plate={false} />
          <span className="mono">{incidentName(row.id)}</span>
          <span className={styles.sentence}>{stateSentence(row, blind)}</span>
          <span className={styles.age}>
            {ageEndMs(row, blind) === null || !isOpen(row) ? '' : '≥ '}
            <Age sinceMs={row.startsAtMs} untilMs={ageEndMs(row, blind)} />
          </span>
        </p>
        <h2 className={styles.title}>
          {plainText(row.title, 120)} <span className="mono">{plainText(row.service, 60)}</span>
        </h2>
        <IncidentActions
          row={row}
          onNote={() => openOverlay(app, 'note')}
          onOpen={() => openIncident(app, row.id)}
        />
      </header>
      <ChartPanel row={row} expression={detail?.expression ?? ''} blind={blind} height={200} legend="under" />
      <Facts row={row} signs={signs} detail={detail} />
      <LabelTokens labels={row.labels} />
      {detail === null ? null : <Annotations annotations={detail.alerts[0]?.annotations ?? {}} />}
      {detail === null ? null : <AlertList alerts={detail.alerts} blind={blind} max={maxAlerts} />}
    </aside>
  );
}

/** Those that all of its alerts share. */
function LabelTokens({ labels }: { readonly labels: Labels }) {
  const entries = Object.entries(labels);
  if (entries.length === 0) return null;
  return (
    <ul className={styles.labels} aria-label="Labels">
      {entries.map(([name, value]) => (
        <li key={name}>
          <LabelToken name={name} value={value} />
        </li>
      ))}
    </ul>
  );
}

/** When its group fired within the day before, in words. */
function historyOf(signs: IncidentSigns | undefined): string {
  const last = signs?.earlier.at(-1);
  if (signs === undefined || last === undefined) return 'for the first time in 24 hours';
  const [fromMs, toMs] = last;
  const times = signs.earlier.length === 1 ? 'once' : `${signs.earlier.length} times`;
  return `${times} before in 24 hours, last at ${formatClock(fromMs)} for ${formatSpan(toMs - fromMs)}`;
}

interface FactsProps {
  readonly row: IncidentRow;
  readonly signs: IncidentSigns | undefined;
  readonly detail: IncidentDetail | null;
}

function Facts({ row, signs, detail }: FactsProps) {
  const mute = muteOf(row, signs);
  const notified = detail?.timeline.findLast((entry) => entry.kind === 'notified');
  const runbook = detail?.alerts
    .map((alert) => labelOf(alert.annotations, 'runbook_url'))
    .find((url) => url !== '');
  return (
    <dl className={styles.facts}>
      <dt>Summary</dt>
      <dd>{plainText(row.summary, 400)}</dd>
      <dt>Started</dt>
      <dd className="mono">{formatDateTime(row.startsAtMs)}</dd>
      <dt>Seen before</dt>
      <dd>{historyOf(signs)}</dd>
      {mute === null || mute.by === '' ? null : (
        <>
          <dt>{mute.word}</dt>
          <dd>{mute.by}</dd>
        </>
      )}
      <dt>Reported by</dt>
      <dd>{plainText(row.sources.join(', '), 200)}</dd>
      {notified === undefined ? null : (
        <>
          <dt>Notified</dt>
          <dd>
            <span className="mono">{formatDateTime(notified.atMs)}</span>{' '}
            <span className={styles.faint}>{plainText(notified.detail, 120)}</span>
          </dd>
        </>
      )}
      {runbook === undefined ? null : (
        <>
          <dt>Runbook</dt>
          <dd>
            <ServerText text={runbook} max={200} />
          </dd>
        </>
      )}
    </dl>
  );
}
