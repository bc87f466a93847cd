import styles from './text-fault.module.css';

interface TextFaultProps {
  readonly text: string;
  /** UTF-16 units from the start of the text. */
  readonly place: { readonly from: number; readonly to: number };
  /** How far the input is scrolled, CSS pixels. */
  readonly scrolled: number;
  /** Where the input's text begins, CSS pixels from the edge of its box. */
  readonly inset?: number;
}

/** Underlines what is wrong in an input of code: its text once more over it, itself unseen. */
export function TextFault({ text, place: { from, to }, scrolled, inset = 8 }: TextFaultProps) {
  return (
    <span className={styles.fault} style={{ left: inset }} aria-hidden="true">
      <span style={{ transform: `translateX(${-scrolled}px)` }}>
        {text.slice(0, from)}
        <u>{to > from ? text.slice(from, to) : '  '}</u>
      </span>
    </span>
  );
}
