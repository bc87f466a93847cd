import { useState } from 'react';
import type { Alert } from '#shared/model/alert.ts';
import { labelOf } from '#shared/model/labels.ts';
import { plainText } from '#shared/text.ts';
import { Age } from './age.tsx';
import { Button } from '../ui/button.tsx';
import styles from './alert-list.module.css';
import { distinguishingNames } from './distinguish.ts';
import { Glyph } from './glyphs.tsx';

const wordOfState = {
  firing: 'firing',
  suppressed: 'muted',
  unseen: 'not seen',
  resolved: 'resolved',
} as const;

interface AlertListProps {
  readonly alerts: readonly Alert[];
  readonly blind: boolean;
  readonly max: number;
}

/** The alerts of an incident by what tells them apart. */
export function AlertList({ alerts, blind, max }: AlertListProps) {
  const [all, setAll] = useState(false);
  const names = distinguishingNames(alerts.map((alert) => alert.labels));
  const shown = all ? alerts : alerts.slice(0, max);
  return (
    <section aria-label="Alerts">
      <h3 className={styles.heading}>
        <strong>Alerts</strong>
        <span className={styles.faint}>
          {alerts.length}
          {names.length === 0 ? '' : `, by ${plainText(names.slice(0, 3).join(', '), 80)}`}
        </span>
      </h3>
      <ul>
        {shown.map((alert) => (
          <li key={alert.fingerprint} className={styles.row}>
            <span className={styles.what}>
              <AlertValues alert={alert} names={names} />
            </span>
            <span className={styles.state}>
              {alert.state === 'firing' && !blind ? null : <Glyph name={glyphOf(alert, blind)} />}
              {blind && alert.state !== 'resolved' ? 'last seen firing' : wordOfState[alert.state]}
            </span>
            <span className={styles.age}>
              {blind || alert.state === 'unseen' ? '≥ ' : ''}
              <Age sinceMs={alert.startsAtMs} untilMs={endOf(alert, blind)} />
            </span>
          </li>
        ))}
      </ul>
      {shown.length < alerts.length ? (
        <div className={styles.more}>
          <Button onClick={() => setAll(true)}>Show {alerts.length - shown.length} more</Button>
        </div>
      ) : null}
    </section>
  );
}

function AlertValues({ alert, names }: { readonly alert: Alert; readonly names: readonly string[] }) {
  const values = names.map((name) => labelOf(alert.labels, name)).filter((value) => value !== '');
  if (values.length === 0) return <>{plainText(labelOf(alert.labels, 'alertname'), 80)}</>;
  return (
    <>
      {values.map((value, index) => (
        <span key={index}>{plainText(value, 60)} </span>
      ))}
    </>
  );
}

function glyphOf(alert: Alert, blind: boolean) {
  if (blind || alert.state === 'unseen') return 'blind';
  return alert.state === 'resolved' ? 'ok' : 'muted';
}

function endOf(alert: Alert, blind: boolean): number | null {
  if (alert.endedAtMs !== null) return alert.endedAtMs;
  return blind || alert.state === 'unseen' ? alert.lastSeenAtMs : null;
}
