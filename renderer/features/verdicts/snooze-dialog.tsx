import { useEffect, useRef, useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextInput } from '../../parts/text-input.tsx';
import { readUntil, snoozePresets, untilWords, type SnoozePreset } from './until.ts';
import styles from './verdicts.module.css';

interface SnoozeDialogProps {
  /** What is put off, in a few words. */
  readonly subject: string;
  /** Typed before this was here: the key that chooses, or the beginning of a time. */
  readonly typed: string;
  readonly nowMs: number;
  readonly onChoose: (untilMs: number | null, words: string) => void;
  readonly onClose: () => void;
}

/** Until when: a digit chooses, a time can be written. */
export function SnoozeDialog({ subject, typed, nowMs, onChoose, onClose }: SnoozeDialogProps) {
  const [text, setText] = useState('');
  const first = useRef<HTMLButtonElement>(null);
  const written = readUntil(text, nowMs);
  const choose = (untilMs: number | null): void => onChoose(untilMs, untilWords(untilMs, nowMs));
  useEffect(() => {
    const preset = presetOf(typed);
    if (preset !== undefined) onChoose(preset.untilMs(nowMs), untilWords(preset.untilMs(nowMs), nowMs));
  }, [typed, nowMs, onChoose]);
  return (
    <Dialog title={`Snooze ${subject}`} onClose={onClose} initialFocus={first}>
      <div
        className={styles.choices}
        role="group"
        aria-label="Until when"
        onKeyDown={(event) => {
          const preset = presetOf(event.key);
          if (preset === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
          event.preventDefault();
          choose(preset.untilMs(nowMs));
        }}
      >
        {snoozePresets.map(({ key, title, untilMs }, index) => (
          <Button
            key={key}
            chord={key}
            {...(index === 0 ? { ref: first } : {})}
            className={styles.choice}
            onClick={() => choose(untilMs(nowMs))}
          >
            <span>{title}</span>
            <span className={styles.detail}>
              {untilMs(nowMs) === null ? '' : untilWords(untilMs(nowMs), nowMs)}
            </span>
          </Button>
        ))}
      </div>
      <form
        className={styles.written}
        onSubmit={(event) => {
          event.preventDefault();
          if (written !== null) choose(written);
        }}
      >
        <TextInput
          className={styles.field}
          word="Until"
          placeholder="45m, 2h, 1d or 14:30"
          maxLength={20}
          mono
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <Button type="submit" chord="Enter" disabled={written === null}>
          Snooze {written === null ? '' : untilWords(written, nowMs)}
        </Button>
      </form>
      <p className={styles.hint}>
        It wakes sooner when it gets worse: a higher severity, a new critical alert, or many more alerts.
      </p>
    </Dialog>
  );
}

function presetOf(pressed: string): SnoozePreset | undefined {
  return snoozePresets.find(({ key }) => key === pressed);
}
