import { plainText } from '#shared/text.ts';
import styles from './label-token.module.css';

interface LabelTokenProps {
  readonly name: string;
  readonly value: string;
  /** Of a condition on the label. */
  readonly operator?: '=' | '!=' | '=~' | '!~';
}

/** A label as a token: name, operator, value. All of it is text from a server. */
export function LabelToken({ name, value, operator = '=' }: LabelTokenProps) {
  return (
    <span className={styles.token} title={`${plainText(name, 200)}${operator}${plainText(value, 1_000)}`}>
      <span className={styles.name}>{plainText(name, 60)}</span>
      <span className={styles.operator}>{operator}</span>
      <span className={styles.value}>{plainText(value, 80)}</span>
    </span>
  );
}
