import { plainText } from '#shared/text.ts';
import styles from './label-token.module.css';

/** A label as a token: name, operator, value. All of it is text from a server. */
export function LabelToken({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <span className={styles.token} title={`${plainText(name, 200)}=${plainText(value, 1_000)}`}>
      <span className={styles.name}>{plainText(name, 60)}</span>
      <span className={styles.operator}>=</span>
      <span className={styles.value}>{plainText(value, 80)}</span>
    </span>
  );
}
