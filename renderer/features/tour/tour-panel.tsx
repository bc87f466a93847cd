import { endTour, nextStep } from '../../actions/tour.ts';
import { useApp, useSession } from '../../app.ts';
import { commandsIn, type Keymap } from '../../keys/keymap.ts';
import { useKeymap } from '../../parts/use-keymap.ts';
import { Button } from '../../ui/button.tsx';
import { Chord } from '../../ui/key-chip.tsx';
import styles from './tour.module.css';
import { tourSteps, type TourStep } from '../../keys/tour-steps.ts';

/** Ten keys, one after the other: each is pressed for real, and what it does is really done. */
export function TourPanel() {
  const app = useApp();
  const at = useSession((state) => state.tourStep) ?? 0;
  const step = tourSteps[at];
  return (
    <aside className={styles.panel} aria-label="Tour of the keys">
      <p className={styles.head}>
        <strong>Ten keys</strong>
        <span>{step === undefined ? 'done' : `${at + 1} of ${tourSteps.length}`}</span>
      </p>
      <div className={styles.body} role="status">
        {step === undefined ? <Goodbye /> : <Step step={step} />}
      </div>
      <p className={styles.buttons}>
        {step === undefined ? (
          <Button onClick={() => endTour(app)}>Close</Button>
        ) : (
          <>
            <Button onClick={() => nextStep(app)}>Skip this one</Button>
            <Button onClick={() => endTour(app)}>End the tour</Button>
          </>
        )}
      </p>
    </aside>
  );
}

function Step({ step: { command, says } }: { readonly step: TourStep }) {
  const keymap = useKeymap();
  const view = useSession((state) => state.view.kind);
  const isOver = useSession((state) => state.overlay !== null);
  return (
    <>
      <p>
        Press <Key keymap={keymap} command={command} />: it {says}
      </p>
      {isOver || commandsIn(view).includes(command) ? null : (
        <p className={styles.faint}>
          It counts in the inbox: <Key keymap={keymap} command="go.inbox" /> goes there.
        </p>
      )}
    </>
  );
}

function Goodbye() {
  const keymap = useKeymap();
  return (
    <p>
      That is how it goes. <Key keymap={keymap} command="help.open" /> tells the keys of every view, and under
      Settings, Keys, they can be others.
    </p>
  );
}

function Key({ keymap, command }: { readonly keymap: Keymap; readonly command: TourStep['command'] }) {
  const { mac } = useApp();
  const chord = keymap.get(command)?.[0];
  return chord === undefined ? <em>a key that you took away</em> : <Chord chord={chord} mac={mac} />;
}
