import styles from './shell.module.css';

/** The host does not know this browser: the address with the key is the only way in. */
export function RefusedPage() {
  return (
    <main className={styles.refused}>
      <h1>This browser has no key to the console.</h1>
      <p>
        Open the address that the console printed when it started; it carries the key. If the console was
        started again since, it has printed a new one.
      </p>
    </main>
  );
}
