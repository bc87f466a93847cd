import { BellMinus } from 'lucide-react';
import { useStore } from 'zustand';
import { useApp, useLive } from '../app.ts';
import styles from './silence-sign.module.css';

const wordOfState = {
  held: 'goes out within 10 s',
  waiting: 'waits in the outbox',
  sending: 'is being sent',
  failed: 'was refused',
  conflict: 'waits for a decision',
} as const;

/** A silence was made here for the incident and is not at its server yet: the outbox says how it stands. */
export function SilenceSign({ incidentId }: { readonly incidentId: number }) {
  const madeFor = useStore(useApp().silences, (state) => state.madeFor);
  const state = useLive(({ outbox }) =>
    madeFor.size === 0
      ? undefined
      : outbox?.findLast(({ id }) => madeFor.get(id)?.includes(incidentId) === true)?.state,
  );
  if (state === undefined || state === 'done' || state === 'withdrawn') return null;
  const words = `its silence ${wordOfState[state]}`;
  return (
    <span className={styles.sign} title={words}>
      <BellMinus size={14} strokeWidth={1.75} aria-hidden="true" />
      <span className="unseen">, {words}</span>
    </span>
  );
}
