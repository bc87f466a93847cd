import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { strokeOf } from '../../keys/strokes.ts';
import { Chord } from '../../ui/key-chip.tsx';
import { takeFocus } from '../../ui/take-focus.ts';
import styles from './settings.module.css';

interface KeyCaptureProps {
  readonly mac: boolean;
  /** The strokes that were pressed, as a chord. */
  readonly onChord: (chord: string) => void;
  readonly onCancel: () => void;
}

const maxStrokes = 3;
/** What comes later than this after a stroke is no part of the same key. */
const pauseMs = 1_000;

/**
 * Takes the strokes of a key as they are pressed, until there is a pause. Escape gives up, and Tab goes on
 * to the next control: nobody is held here.
 */
export function KeyCapture({ mac, onChord, onCancel }: KeyCaptureProps) {
  const [strokes, setStrokes] = useState<readonly string[]>([]);
  const place = useRef<HTMLDivElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    takeFocus(place.current);
    return () => clearTimeout(timer.current);
  }, []);

  const take = (event: KeyboardEvent): void => {
    if (event.key === 'Tab') return;
    event.preventDefault();
    event.stopPropagation();
    if (event.nativeEvent.isComposing || event.repeat) return;
    if (event.key === 'Escape') return onCancel();
    const stroke = strokeOf(event, mac);
    if (stroke === undefined || strokes.length === maxStrokes) return;
    const pressed = [...strokes, stroke];
    setStrokes(pressed);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => onChord(pressed.join(' ')), pressed.length === maxStrokes ? 0 : pauseMs);
  };

  return (
    <div
      ref={place}
      className={styles.capture}
      role="textbox"
      aria-label="The new key"
      aria-describedby="key-capture-help"
      tabIndex={0}
      onKeyDown={take}
      onBlur={onCancel}
    >
      {strokes.length === 0 ? (
        <span id="key-capture-help">Press the key, or several one after the other. Escape gives up.</span>
      ) : (
        <Chord chord={strokes.join(' ')} mac={mac} />
      )}
    </div>
  );
}
