import type { ReactNode } from 'react';
import styles from './silence-form.module.css';

interface RowProps {
  readonly label: string;
  readonly children: ReactNode;
}

/** The name of a group of controls, each of which says its own. */
export function Row({ label, children }: RowProps) {
  return (
    <div className={styles.row}>
      <span className={styles.label} aria-hidden="true">
        {label}
      </span>
      <div className={styles.value}>{children}</div>
    </div>
  );
}
