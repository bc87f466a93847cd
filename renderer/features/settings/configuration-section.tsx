import type { ConfigurationProblem, SettingsView } from '#shared/model/settings.ts';
import { plainText } from '#shared/text.ts';
import { Glyph } from '../../parts/glyphs.tsx';
import styles from './settings.module.css';

/** The file itself: where it is, what it sets, and what is wrong with it, by line. */
export function ConfigurationSection({ settings }: { readonly settings: SettingsView }) {
  return (
    <div className={styles.scroll} tabIndex={0} role="group" aria-label="Configuration">
      <dl className={styles.facts}>
        <dt>File</dt>
        <dd className="mono">{plainText(settings.path, 400)}</dd>
        <dt>State</dt>
        <dd>{stateOf(settings)}</dd>
        <dt>Environment</dt>
        <dd>
          {plainText(settings.environment, 100)} <code className={styles.faint}>environment</code>
        </dd>
        <dt>Operator</dt>
        <dd>
          {plainText(settings.operator, 100)} <code className={styles.faint}>operator</code>
        </dd>
        <dt>Incidents group by</dt>
        <dd>
          {plainText(settings.groupBy.join(', '), 200)}{' '}
          <code className={styles.faint}>incidents.groupBy</code>
        </dd>
      </dl>
      {settings.problems.length === 0 ? null : (
        <section aria-label="Problems">
          <h2 className={styles.heading}>
            Problems <span className={styles.faint}>{settings.problems.length}</span>
          </h2>
          <ul>
            {settings.problems.map((problem, index) => (
              <Problem key={index} problem={problem} />
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

function stateOf(settings: SettingsView): string {
  if (settings.problems.some((problem) => problem.severity === 'error')) {
    return 'has errors; the last good configuration is in force';
  }
  if (settings.exists) return 'in force';
  return settings.demo ? 'there is no file; the demo fleet is shown' : 'there is no file';
}

function Problem({ problem }: { readonly problem: ConfigurationProblem }) {
  const { severity, file, line, column, path, message, accepted } = problem;
  return (
    <li className={styles.problem}>
      <Glyph name={severity === 'error' ? 'failed' : 'warning'} />
      <div>
        <p>
          <span className="unseen">{severity}: </span>
          {plainText(message, 400)}
        </p>
        {accepted === '' ? null : <p className={styles.support}>{plainText(accepted, 400)}</p>}
        <p className={styles.faint}>
          <code>
            {plainText(file, 300)}:{line}:{column}
          </code>{' '}
          <code>{plainText(path, 200)}</code>
        </p>
      </div>
    </li>
  );
}
