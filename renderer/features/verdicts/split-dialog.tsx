import { useMemo, useRef, useState } from 'react';
import { incidentName, type IncidentRow } from '#shared/model/incident.ts';
import { labelOf } from '#shared/model/labels.ts';
import { plainText } from '#shared/text.ts';
import { briefestNames, nameOfSet } from '../../parts/distinguish.ts';
import { useIncident } from '../../parts/use-incident.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import styles from './verdicts.module.css';

interface SplitDialogProps {
  readonly row: IncidentRow;
  readonly onSplit: (fingerprints: readonly string[]) => void;
  readonly onClose: () => void;
}

/** Which of its open alerts become an incident of their own: Space chooses, Enter splits. */
export function SplitDialog({ row, onSplit, onClose }: SplitDialogProps) {
  const detail = useIncident(row.id);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const form = useRef<HTMLFormElement>(null);
  const open = useMemo(
    () => (detail?.alerts ?? []).filter(({ endedAtMs }) => endedAtMs === null),
    [detail?.alerts],
  );
  const names = useMemo(() => briefestNames(open.map(({ labels }) => labels)), [open]);
  const canSplit = chosen.size > 0 && chosen.size < open.length;
  const submit = (): void => {
    if (canSplit) onSplit([...chosen]);
  };
  const toggle = (fingerprint: string): void => {
    const next = new Set(chosen);
    if (!next.delete(fingerprint)) next.add(fingerprint);
    setChosen(next);
  };
  return (
    <Dialog title={`Split alerts off ${incidentName(row.id)} ${plainText(row.title, 60)}`} onClose={onClose}>
      <form
        ref={form}
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
        onKeyDown={(event) => {
          const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
          if (step !== undefined) {
            event.preventDefault();
            stepFocus(form.current, step);
          } else if (event.key === 'Enter') {
            event.preventDefault();
            submit();
          }
        }}
      >
        <div className={styles.alerts} role="group" aria-label="Open alerts">
          {open.map(({ fingerprint, labels }, index) => (
            <label key={fingerprint} className={styles.alert}>
              <input
                type="checkbox"
                autoFocus={index === 0}
                checked={chosen.has(fingerprint)}
                onChange={() => toggle(fingerprint)}
              />
              <span>{plainText(labelOf(labels, 'alertname'), 60)}</span>
              <span className={styles.detail}>{nameOfSet(labels, names)}</span>
            </label>
          ))}
        </div>
        {open.length > 0 ? null : (
          <p className={styles.hint}>{detail === null ? 'It is not here any more.' : 'Asking the core.'}</p>
        )}
        <div className={styles.written}>
          <p className={styles.hint}>
            {chosen.size === open.length && open.length > 0
              ? 'At least one alert stays where it is.'
              : 'Space chooses, j and k move.'}
          </p>
          <Button type="submit" chord="Enter" disabled={!canSplit}>
            Split {chosen.size === 0 ? '' : `${chosen.size} off`}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function stepFocus(form: HTMLFormElement | null, step: number): void {
  const boxes = [...(form?.querySelectorAll<HTMLInputElement>('input[type="checkbox"]') ?? [])];
  const at = boxes.findIndex((box) => box === document.activeElement);
  boxes[Math.min(boxes.length - 1, Math.max(0, at + step))]?.focus();
}
