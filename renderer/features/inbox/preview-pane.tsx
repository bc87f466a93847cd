import { useEffect, useState } from 'react';
import { useSession } from '../../app.ts';
import { useMedia } from '../../ui/use-media.ts';
import { cursorIn, type InboxModel } from './inbox-model.ts';
import styles from './preview.module.css';
import { Preview } from './preview.tsx';

/** A cursor that runs over many rows is followed where it stops: a key is painted before a chart is drawn. */
const settleMs = 60;

/** Beside the list, where there is room for it. */
export function PreviewPane({ model, blind }: { readonly model: InboxModel; readonly blind: boolean }) {
  const hasRoom = useMedia('(width >= 1200px)');
  return hasRoom ? <Settled model={model} blind={blind} /> : null;
}

function Settled({ model, blind }: { readonly model: InboxModel; readonly blind: boolean }) {
  const inboxCursor = useSession((state) => state.inboxCursor);
  const inboxHead = useSession((state) => state.inboxHead);
  const chosen = cursorIn(model, { inboxCursor, inboxHead }).row?.id;
  const [settled, setSettled] = useState(chosen);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(chosen), settleMs);
    return () => clearTimeout(timer);
  }, [chosen]);
  // As it is now, also where it is not listed any more and the cursor has not moved on yet.
  const entry = settled === undefined ? undefined : model.ledger.entry(settled);
  return entry === undefined ? (
    <aside className={styles.preview} aria-label="Preview" />
  ) : (
    <Preview key={entry.id} row={entry.row} signs={entry.signs} blind={blind} />
  );
}
