import { Dialog as Base } from '@base-ui/react/dialog';
import { useState, type ReactNode, type RefObject } from 'react';
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

/**
 * A view that has no list has the focus itself. It is no stop of Tab, and without this its first button would
 * get the focus when the dialog closes, and the next Enter.
 */
function takesFocusByScript(element: Element | null): element is HTMLElement {
  return (
    element instanceof HTMLElement &&
    element !== document.body &&
    element.tabIndex < 0 &&
    element.hasAttribute('tabindex')
  );
}

/** Something over the window that has the keys until it is closed. Escape closes it. */
export function Dialog({ title, onClose, bare = false, initialFocus, children }: DialogProps) {
  const [opener] = useState(() => document.activeElement);
  return (
    <Base.Root open onOpenChange={(open) => (open ? undefined : onClose())}>
      <Base.Portal>
        <Base.Backdrop className={styles.scrim} />
        <Base.Popup
          className={classes(styles.popup, !bare && styles.padded)}
          finalFocus={() => {
            if (!takesFocusByScript(opener)) return true;
            queueMicrotask(() => opener.focus({ preventScroll: true }));
            return false;
          }}
          {...(initialFocus === undefined ? {} : { initialFocus })}
        >
          <Base.Title className={bare ? 'unseen' : styles.title}>{title}</Base.Title>
          {children}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
