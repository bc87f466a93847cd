import { useMemo } from 'react';
import { plainText } from '#shared/text.ts';
import { useApp } from '../../app.ts';
import { wordOfLevel } from '../../parts/log-level.ts';
import { classes } from '../../ui/classes.ts';
import { KeyChip } from '../../ui/key-chip.tsx';
import { logLevels } from '#shared/model/log.ts';
import { briefCount } from './brief-count.ts';
import { facetsOf, levelCounts, type Facet } from './facets.ts';
import { narrowTo, toggleLevel } from './logs-actions.ts';
import styles from './logs.module.css';
import { useLogs } from './use-logs.ts';

/** What the loaded lines are of: levels to show or hide, and labels to narrow the query to. */
export function LogFacets() {
  const app = useApp();
  const loaded = useLogs((state) => state.loaded);
  const hidden = useLogs((state) => state.hiddenLevels);
  const levels = useMemo(() => levelCounts(loaded), [loaded]);
  const facets = useMemo(() => facetsOf(loaded), [loaded]);
  const most = Math.max(1, ...levels.map(({ count }) => count));
  return (
    <aside className={styles.facets} aria-label="Levels and labels of the lines that are loaded">
      {levels.length === 0 ? null : (
        <section aria-label="Levels">
          <h2>level</h2>
          {levels.map(({ level, count }) => (
            <button
              key={level}
              type="button"
              className={classes(styles.facet, hidden.includes(level) && styles.hidden)}
              aria-pressed={!hidden.includes(level)}
              onClick={() => toggleLevel(app, level)}
            >
              <KeyChip chord={String(logLevels.indexOf(level) + 1)} />
              <span>{level === 'unknown' ? 'no level' : wordOfLevel[level]}</span>
              <Count value={count} most={most} />
            </button>
          ))}
        </section>
      )}
      {facets.map((facet) => (
        <FacetSection key={facet.label} facet={facet} />
      ))}
    </aside>
  );
}

function FacetSection({ facet }: { readonly facet: Facet }) {
  const app = useApp();
  const most = facet.values[0]?.count ?? 1;
  const label = plainText(facet.label, 60);
  return (
    <section aria-label={label}>
      <h2>{label}</h2>
      {facet.values.map(({ value, count }) => (
        <button
          key={value}
          type="button"
          className={styles.facet}
          title={`Only ${label} ${plainText(value, 200)}`}
          onClick={() => narrowTo(app, { name: facet.label, value, from: 'stream' }, '=')}
        >
          <span>{plainText(value, 100)}</span>
          <Count value={count} most={most} />
        </button>
      ))}
      {facet.left.values === 0 ? null : (
        <p className={styles.facet}>
          <span>{facet.left.values} more</span>
          <Count value={facet.left.count} most={most} />
        </p>
      )}
    </section>
  );
}

function Count({ value, most }: { readonly value: number; readonly most: number }) {
  return (
    <>
      <span className={styles.count}>{briefCount(value)}</span>
      <i style={{ width: `${Math.min(100, (100 * value) / most)}%` }} />
    </>
  );
}
