import { useState, type KeyboardEvent } from 'react';
import { mostRoutingText } from '#shared/model/routing.ts';
import { drop, messageOf } from '#shared/result.ts';
import { plainText } from '#shared/text.ts';
import { useApp } from '../../app.ts';
import { openText } from '../../bridge/routing-feed.ts';
import { inputLook } from '../../parts/text-input.tsx';
import { Button } from '../../ui/button.tsx';
import { classes } from '../../ui/classes.ts';
import { Dialog } from '../../ui/dialog.tsx';
import styles from './routing.module.css';

const fileInputId = 'routing-file';
/** A character of UTF-8 is up to four bytes. */
const mostFileBytes = 4 * mostRoutingText;

/** Opens a configuration that no server has: pasted, or of a file. It is read by the core and not kept. */
export function TextForm() {
  const { routing, core } = useApp();
  const [text, setText] = useState('');
  const [problem, setProblem] = useState('');
  const [isReading, setIsReading] = useState(false);

  const read = async (name: string, given: string): Promise<void> => {
    if (given.trim() === '') return setProblem('There is no text yet.');
    if (given.length > mostRoutingText) return setProblem('The text is longer than two million characters.');
    setIsReading(true);
    const opened = await openText(routing, core, name, given);
    setIsReading(false);
    // Once it is read the form is gone.
    if (!opened.ok) setProblem(`${opened.failure.message} ${opened.failure.nextStep}`);
  };
  const readFile = async (file: File): Promise<void> => {
    if (file.size > mostFileBytes) return setProblem('The file is larger than 8 MiB.');
    try {
      await read(plainText(file.name, 80), await file.text());
    } catch (error) {
      setProblem(`The file cannot be read: ${messageOf(error)}`);
    }
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    drop(read('pasted text', text), 'tells its own failure');
  };
  return (
    <Dialog
      title="Open a configuration of Alertmanager"
      onClose={() => routing.setState({ isOpening: false })}
    >
      <textarea
        className={classes(inputLook.field, styles.text)}
        aria-label="Configuration of an Alertmanager"
        placeholder="Paste the text of alertmanager.yml"
        rows={14}
        value={text}
        maxLength={mostRoutingText}
        spellCheck={false}
        // The dialog was opened to paste into it.
        autoFocus
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <div className={styles.buttons}>
        <Button
          chord="Mod+Enter"
          due={text !== ''}
          disabled={isReading}
          onClick={() => drop(read('pasted text', text), 'tells its own failure')}
        >
          Read it
        </Button>
        <Button disabled={isReading} onClick={() => document.getElementById(fileInputId)?.click()}>
          Open a file
        </Button>
        <input
          id={fileInputId}
          type="file"
          hidden
          aria-label="Configuration file"
          accept=".yml,.yaml,.txt"
          onChange={(event) => {
            const [file] = event.target.files ?? [];
            event.target.value = '';
            if (file !== undefined) drop(readFile(file), 'tells its own failure');
          }}
        />
        {problem === '' ? null : (
          <span role="alert" className={styles.fault}>
            {plainText(problem, 300)}
          </span>
        )}
      </div>
      <p className={styles.faint}>It is read on this machine and kept nowhere.</p>
    </Dialog>
  );
}
