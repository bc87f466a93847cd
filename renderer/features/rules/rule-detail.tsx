import { severityOf } from '#shared/model/severity.ts';
import { plainText } from '#shared/text.ts';
import { formatClock } from '#shared/time.ts';
import { Age } from '../../parts/age.tsx';
import { LabelToken } from '../../parts/label-token.tsx';
import { placeOf, type RuleItem } from '../../parts/rule-items.ts';
import { wordOf } from './rules-model.ts';
import styles from './rules.module.css';

/** One rule whole: its expression, its alerts, and what failed. */
export function RuleDetail({ item, blind }: { readonly item: RuleItem; readonly blind: boolean }) {
  const { rule, group } = item;
  // What a rule that fails found earlier is shown as what it was.
  const past = blind || rule.health === 'error';
  return (
    <aside className={styles.detail} aria-label="Rule">
      <h2>{plainText(rule.name, 120)}</h2>
      <p className={styles.faint}>{plainText(placeOf(item), 200)}</p>
      <pre className={styles.expression} tabIndex={0}>
        {plainText(rule.expression, 4_000)}
      </pre>
      {rule.lastError === '' ? null : (
        <p className={rule.health === 'error' ? styles.failing : styles.faint}>
          {plainText(rule.lastError, 500)}
        </p>
      )}
      <dl className={styles.facts}>
        <dt>State</dt>
        <dd>{blind && rule.health !== 'error' ? `was ${wordOf(rule)}` : wordOf(rule)}</dd>
        <dt>Evaluated</dt>
        <dd>
          {group.lastEvaluatedAtMs === null ? 'never' : <Age sinceMs={group.lastEvaluatedAtMs} />}
          {group.lastSlotAtMs === null ? '' : `, slot ${formatClock(group.lastSlotAtMs)}`}
          {group.missedSlots === 0 ? '' : `, ${group.missedSlots} slots missed`}
        </dd>
        {rule.health === 'error' ? (
          <>
            <dt>Answered</dt>
            <dd>
              {rule.lastSuccessAtMs === null ? (
                'never'
              ) : (
                <>
                  <Age sinceMs={rule.lastSuccessAtMs} /> ago; its alerts are kept
                </>
              )}
            </dd>
          </>
        ) : null}
      </dl>
      {Object.entries(rule.annotations).map(([name, text]) => (
        <p key={name}>
          <span className={styles.faint}>{plainText(name, 60)}</span> {plainText(text, 400)}
        </p>
      ))}
      <ul>
        {rule.alerts.slice(0, 50).map((alert, index) => (
          <li key={index} className={styles.alert}>
            <p>
              <strong
                className={
                  alert.state === 'firing' && !past
                    ? styles[severityOf(alert.labels['severity'] ?? '').level]
                    : undefined
                }
              >
                {past ? `was ${alert.state}` : alert.state}
              </strong>{' '}
              <span className={styles.mono}>{plainText(alert.value, 40)}</span>{' '}
              <span className={styles.faint}>
                since <Age sinceMs={alert.firedAtMs ?? alert.activeAtMs} />
              </span>
            </p>
            <p className={styles.labels}>
              {Object.entries(alert.labels)
                .slice(0, 20)
                .map(([name, value]) => (
                  <LabelToken key={name} name={name} value={value} />
                ))}
            </p>
          </li>
        ))}
        {rule.alertCount > 50 ? <li>and {rule.alertCount - 50} more</li> : null}
      </ul>
    </aside>
  );
}
