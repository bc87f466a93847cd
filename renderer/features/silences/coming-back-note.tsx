import { useMemo } from 'react';
import { labelOf } from '#shared/model/labels.ts';
import type { Silence } from '#shared/model/silence.ts';
import { severityOf } from '#shared/model/severity.ts';
import { useLive } from '../../app.ts';
import { distinguishingNames, nameOfSet } from '../../parts/distinguish.ts';
import { Glyph } from '../../parts/glyphs.tsx';
import { useSight } from '../../parts/use-sight.ts';
import { counted, plainText } from '#shared/text.ts';
import { comingBack, hiddenBy } from './coming-back.ts';
import styles from './silences.module.css';

interface ComingBackProps {
  readonly silences: readonly Silence[];
}

const mostAlerts = 12;

function nothingComes(hidden: number): string {
  if (hidden === 0) return 'Nothing would come back: no open alert is hidden.';
  const what = hidden === 1 ? 'the hidden alert is' : `the ${hidden} hidden alerts are`;
  return `Nothing would come back now: ${what} inhibited, off hours or silenced otherwise, too.`;
}

/** What would come back if these ended now: the alerts that nothing else mutes. */
export function ComingBack({ silences }: ComingBackProps) {
  const alerts = useLive((state) => state.alerts);
  const blind = useSight().kind === 'blind';
  const back = useMemo(() => (alerts === null ? null : comingBack(silences, alerts)), [silences, alerts]);
  const names = useMemo(() => distinguishingNames((back ?? []).map(({ labels }) => labels)), [back]);
  if (back === null || alerts === null) return <p className={styles.faint}>Asking what would come back.</p>;
  if (back.length === 0) {
    return (
      <p className={styles.support}>
        {blind
          ? 'Nothing was hidden by it alone when sight was lost.'
          : nothingComes(hiddenBy(new Set(silences.map(({ id }) => id)), alerts).length)}
      </p>
    );
  }
  const critical = back.filter((alert) => severityOf(labelOf(alert.labels, 'severity')).level === 'critical');
  const others = back.filter((alert) => !critical.includes(alert));
  const telling = names.filter((name) => name !== 'alertname' && name !== 'severity');
  const shown = [...critical, ...others].slice(0, mostAlerts);
  return (
    <section aria-label="What would come back">
      <p>
        <strong>{blind ? 'Would have come back' : 'Would come back'}</strong> {counted(back.length, 'alert')}
        {critical.length === 0 ? '' : `, of them ${critical.length} critical`}
      </p>
      <ul>
        {shown.map((alert) => (
          <li key={alert.fingerprint} className={styles.back}>
            <Glyph name={severityOf(labelOf(alert.labels, 'severity')).level} outlined />
            <span className={styles.clip}>
              {plainText(labelOf(alert.labels, 'alertname'), 80)}{' '}
              <span className={styles.faint}>
                {telling.length === 0
                  ? plainText(labelOf(alert.labels, 'service'), 60)
                  : nameOfSet(alert.labels, telling)}
              </span>
            </span>
          </li>
        ))}
      </ul>
      {back.length > shown.length ? (
        <p className={styles.faint}>and {back.length - shown.length} more</p>
      ) : null}
    </section>
  );
}
