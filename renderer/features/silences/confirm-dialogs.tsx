import { useEffect, useState } from 'react';
import type { Silence } from '#shared/model/silence.ts';
import { drop } from '#shared/result.ts';
import { counted, plainText } from '#shared/text.ts';
import { hourMs } from '#shared/time.ts';
import { closeOverlay } from '../../actions/view.ts';
import { useApp, useLive, useTimed } from '../../app.ts';
import { followAlerts } from '../../bridge/alert-feed.ts';
import type { EndChoice } from '../../stores/silences.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ComingBack } from './coming-back-note.tsx';
import { MatcherTokens } from './matcher-tokens.tsx';
import { expire, extend } from './silence-actions.ts';
import styles from './silence-form.module.css';
import { endOf } from './silence-times.ts';
import { EndChoices, extendedEnds } from './time-fields.tsx';
import { useSilences } from './use-silences.ts';

/** What is asked before many silences end, and how far their ends are put off. */

const mostListed = 8;

export function ExpireDialog() {
  const app = useApp();
  const silences = useChosen();
  const { live, core } = app;
  useEffect(() => followAlerts(live, core), [live, core]);
  const close = (): void => closeOverlay(app);
  return (
    <Dialog title={`Expire ${counted(silences.length, 'silence')}?`} onClose={close}>
      <Listed silences={silences} />
      <ComingBack silences={silences} />
      <p className={styles.buttons}>
        <Button
          due
          disabled={silences.length === 0}
          onClick={() => {
            close();
            drop(expire(app, silences), 'tells its own failure');
          }}
        >
          Expire
        </Button>
        <Button chord="Escape" onClick={close}>
          Keep
        </Button>
        <span className={styles.support}>waits 10 s before it goes out</span>
      </p>
    </Dialog>
  );
}

export function ExtendDialog() {
  const app = useApp();
  const silences = useChosen();
  const [choice, setChoice] = useState<EndChoice>({ kind: 'span', ms: hourMs });
  const [problem, setProblem] = useState<string | undefined>(undefined);
  const ends = useTimed((nowMs) => extendedEnds(silences, choice, nowMs));
  const close = (): void => closeOverlay(app);

  function send(): void {
    const nowMs = Date.now();
    const wrong = silences.map(({ endsAtMs }) => endOf(choice, Math.max(endsAtMs, nowMs), nowMs));
    const first = wrong.find((end) => !end.ok);
    if (first !== undefined && !first.ok) return setProblem(first.failure);
    close();
    drop(extend(app, silences, choice), 'tells its own failure');
  }

  return (
    <Dialog title={`Extend ${counted(silences.length, 'silence')}`} onClose={close}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.target instanceof HTMLButtonElement) return;
          event.preventDefault();
          send();
        }}
      >
        <Listed silences={silences} />
        <EndChoices label="Extend by" end={choice} problem={problem} autoFocus onEnd={setChoice} />
        <p className={styles.support}>{ends === '' ? '' : `ends ${ends}`}</p>
        <p className={styles.buttons}>
          <Button type="submit" chord="Enter" due disabled={silences.length === 0}>
            Extend
          </Button>
          <Button chord="Escape" onClick={close}>
            Back
          </Button>
          <span className={styles.support}>waits 10 s before it goes out</span>
        </p>
      </form>
    </Dialog>
  );
}

/** What the dialog was opened for, as it is now; what ended meanwhile is left out. */
function useChosen(): readonly Silence[] {
  const chosen = useSilences((state) => state.chosen);
  const silences = useLive((state) => state.silences) ?? [];
  return silences.filter(({ key, state }) => state !== 'expired' && chosen.includes(key));
}

function Listed({ silences }: { readonly silences: readonly Silence[] }) {
  const rest = silences.length - mostListed;
  return (
    <ul className={styles.list}>
      {silences.slice(0, mostListed).map((silence) => (
        <li key={silence.key}>
          <MatcherTokens matchers={silence.matchers} />
          <span className={styles.support}>{plainText(silence.comment, 120)}</span>
        </li>
      ))}
      {rest > 0 ? <li>and {rest} more</li> : null}
      {silences.length === 0 ? <li>None of them is active or pending any more.</li> : null}
    </ul>
  );
}
