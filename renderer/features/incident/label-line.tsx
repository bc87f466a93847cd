import { useState } from 'react';
import type { Labels } from '#shared/model/labels.ts';
import { LabelToken } from '../../parts/label-token.tsx';
import { useFitting } from '../../parts/use-fitting.ts';
import { classes } from '../../ui/classes.ts';
import styles from './label-line.module.css';

/** The labels that an incident's alerts share: those that fit on one line, and the rest on demand. */
export function LabelLine({ labels }: { readonly labels: Labels }) {
  const entries = Object.entries(labels);
  const { ref, fitting } = useFitting<HTMLDivElement>(entries.length);
  const [all, setAll] = useState(false);
  return (
    <div className={styles.labels}>
      <div
        ref={ref}
        className={classes(styles.tokens, all && styles.all)}
        tabIndex={all ? 0 : undefined}
        role="group"
        aria-label="Labels"
      >
        {entries.map(([name, value]) => (
          <LabelToken key={name} name={name} value={value} />
        ))}
      </div>
      {fitting < entries.length ? (
        <button type="button" className={styles.more} aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? 'Fewer' : `+${entries.length - fitting} labels`}
        </button>
      ) : null}
    </div>
  );
}
