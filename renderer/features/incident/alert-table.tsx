import { useState } from 'react';
import type { Alert } from '#shared/model/alert.ts';
import { commonLabels } from '#shared/model/labels.ts';
import { useLive } from '../../app.ts';
import { plainText } from '#shared/text.ts';
import { formatClock } from '#shared/time.ts';
import { Glyph } from '../../parts/glyphs.tsx';
import { ownTellers } from '../../stores/alert-tellers.ts';
import { LabelToken } from '../../parts/label-token.tsx';
import { ServerText } from '../../parts/server-text.tsx';
import { Age } from '../../parts/age.tsx';
import { Button } from '../../ui/button.tsx';
import { KeyChip } from '../../ui/key-chip.tsx';
import styles from './alert-table.module.css';

const wordOfState = {
  firing: 'firing',
  suppressed: 'muted',
  unseen: 'not seen',
  resolved: 'resolved',
} as const;
const firstShown = 20;

/** Every alert of the incident with the labels that are its own, and what its rule says about it. */
export function AlertTable({
  alerts,
  blind,
}: {
  readonly alerts: readonly Alert[];
  readonly blind: boolean;
}) {
  const [all, setAll] = useState(false);
  const common = commonLabels(alerts.map((alert) => alert.labels));
  const annotations = alerts.length < 2 ? {} : commonLabels(alerts.map((alert) => alert.annotations));
  const shown = all ? alerts : alerts.slice(0, firstShown);
  return (
    <section aria-label="Alerts" className={styles.section}>
      <h2 className={styles.heading}>
        <strong>Alerts</strong> <span className={styles.faint}>{alerts.length}</span>
      </h2>
      <Annotations entries={Object.entries(annotations)} className={styles.shared} />
      <Untold alerts={alerts} />
      <ul>
        {shown.map((alert) => (
          <li key={alert.fingerprint} className={styles.alert}>
            <p className={styles.line}>
              <State alert={alert} blind={blind} />
              <span className={styles.tokens}>
                {alerts.length === 1 ? null : <OwnLabels alert={alert} common={common} />}
              </span>
              <span className={styles.source}>{plainText(alert.sources.join(', '), 120)}</span>
            </p>
            <Annotations entries={ownEntries(alert, annotations)} className={styles.annotations} />
          </li>
        ))}
      </ul>
      {shown.length < alerts.length ? (
        <Button className={styles.more} onClick={() => setAll(true)}>
          Show {alerts.length - shown.length} more
        </Button>
      ) : null}
    </section>
  );
}

/** That nothing is said of silences does not mean that there are none. */
function Untold({ alerts }: { readonly alerts: readonly Alert[] }) {
  const tellers = useLive(({ sources }) => ownTellers(alerts, sources ?? []).join(', '));
  if (tellers === '') return null;
  return (
    <p className={styles.untold}>
      Told by {plainText(tellers, 120)} itself, as no Alertmanager is configured: whether a silence or another
      alert hides it, and whom it pages, is not known. <KeyChip chord="g ," /> adds one.
    </p>
  );
}

function State({ alert, blind }: { readonly alert: Alert; readonly blind: boolean }) {
  const unsure = alert.state !== 'resolved' && (blind || alert.state === 'unseen');
  const endMs = alert.endedAtMs ?? (unsure ? alert.lastSeenAtMs : null);
  return (
    <span className={styles.state}>
      {alert.state === 'resolved' ? <Glyph name={blind ? 'blind' : 'ok'} plain={blind} /> : null}
      {alert.state === 'suppressed' && !unsure ? <Glyph name="muted" /> : null}
      {unsure ? <Glyph name="blind" /> : null}
      <span>{unsure ? `last seen ${formatClock(alert.lastSeenAtMs)}` : wordOfState[alert.state]}</span>
      <span className={styles.age}>
        {unsure ? '≥ ' : ''}
        <Age sinceMs={alert.startsAtMs} untilMs={endMs} />
      </span>
    </span>
  );
}

function OwnLabels({ alert, common }: { readonly alert: Alert; readonly common: Alert['labels'] }) {
  const own = Object.entries(alert.labels).filter(([name]) => !Object.hasOwn(common, name));
  if (own.length === 0) return <span className={styles.faint}>no labels of its own</span>;
  return own.map(([name, value]) => <LabelToken key={name} name={name} value={value} />);
}

type Entry = readonly [string, string];

/** What is said of this alert only: what mutes it, and the annotations that not all of them share. */
function ownEntries(alert: Alert, common: Alert['annotations']): readonly Entry[] {
  const muting: readonly Entry[] = [
    ['silenced by', alert.silencedBy.join(', ')],
    ['inhibited by', alert.inhibitedBy.join(', ')],
  ];
  return [
    ...muting.filter(([, value]) => value !== ''),
    ...Object.entries(alert.annotations).filter(([name]) => !Object.hasOwn(common, name)),
  ];
}

interface AnnotationsProps {
  readonly entries: readonly Entry[];
  readonly className: string | undefined;
}

function Annotations({ entries, className }: AnnotationsProps) {
  if (entries.length === 0) return null;
  return (
    <dl className={className}>
      {entries.map(([name, value]) => (
        <div key={name}>
          <dt>{plainText(name, 60)}</dt>
          <dd>
            <ServerText text={value} max={4_000} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
