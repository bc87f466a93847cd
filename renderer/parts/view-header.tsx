import type { ReactNode } from 'react';
import styles from './view-header.module.css';

/** The bar at the head of a view: its title, then whatever the view puts beside it. */
export function ViewHeader({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  return (
    <header className={styles.header}>
      <h1>{title}</h1>
      {children}
    </header>
  );
}
