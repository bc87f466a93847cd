import { useState } from 'react';
import { drop } from '#shared/result.ts';
import { addNote } from '../actions/incidents.ts';
import { useApp } from '../app.ts';
import { Button } from '../ui/button.tsx';
import { classes } from '../ui/classes.ts';
import styles from './note-form.module.css';
import { inputLook } from './text-input.tsx';

interface NoteFormProps {
  readonly incidentIds: readonly number[];
  readonly inputId: string;
  readonly autoFocus?: boolean;
  /** What it begins with. */
  readonly typed?: string;
  readonly onDone: () => void;
}

/** Writes a note. What has been written stays until the core has taken it. */
export function NoteForm({ incidentIds, inputId, autoFocus = false, typed = '', onDone }: NoteFormProps) {
  const app = useApp();
  const [text, setText] = useState(typed);
  const [sending, setSending] = useState(false);

  async function send(): Promise<void> {
    if (text.trim() === '' || sending) return;
    setSending(true);
    const taken = await addNote(app, incidentIds, text.trim());
    setSending(false);
    if (!taken) return;
    setText('');
    onDone();
  }

  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        drop(send(), 'tells its own failure');
      }}
    >
      <textarea
        enterKeyHint="send"
        id={inputId}
        className={classes(inputLook.field, styles.text)}
        aria-label="Note"
        placeholder="Add a note"
        rows={2}
        maxLength={10_000}
        value={text}
        // The dialog that holds it was opened to write.
        autoFocus={autoFocus}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
          event.preventDefault();
          drop(send(), 'tells its own failure');
        }}
      />
      <Button type="submit" chord="Mod+Enter" disabled={text.trim() === '' || sending}>
        Add
      </Button>
    </form>
  );
}
