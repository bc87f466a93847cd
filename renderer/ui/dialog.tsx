import { Dialog as Base } from '@base-ui/react/dialog';
import type { ReactNode, RefObject } from 'react';
import { classes } from './classes.ts';
import styles from './dialog.module.css';

interface DialogProps {
  /** What it is called; drawn unless `bare`. */
  readonly title: string;
  readonly onClose: () => void;
  /** Without a drawn title and padding: the content brings its own. */
  readonly bare?: boolean;
  readonly initialFocus?: RefObject<HTMLElement | null>;
  readonly children: ReactNode;
}

/** Something over the window that has the keys until it is closed. Escape closes it. */
export function Dialog({ title, onClose, bare = false, initialFocus, children }: DialogProps) {
  return (
    <Base.Root open onOpenChange={(open) => (open ? undefined : onClose())}>
      <Base.Portal>
        <Base.Backdrop className={styles.scrim} />
        <Base.Popup
          className={classes(styles.popup, !bare && styles.padded)}
          {...(initialFocus === undefined ? {} : { initialFocus })}
        >
          <Base.Title className={bare ? 'unseen' : styles.title}>{title}</Base.Title>
          {children}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
