import { endTour, nextStep } from '../../actions/tour.ts';
import { useApp, useSession } from '../../app.ts';
import { commandsIn, type CommandId, type Keymap } from '../../keys/keymap.ts';
import { useKeymap } from '../../parts/use-keymap.ts';
import { Button } from '../../ui/button.tsx';
import { Chord } from '../../ui/key-chip.tsx';
import styles from './tour.module.css';
import { tourSteps, type TourCommand } from '../../keys/tour-steps.ts';

/** What each key does, in the words of whoever presses it. */
const says: Readonly<Record<TourCommand, string>> = {
  'move.down': 'goes to the next incident.',
  'row.open': 'opens it: what fired, its chart, its log lines, its traces and its runbook.',
  'incident.acknowledge': 'takes it on: it asks for nobody any more.',
  undo: 'takes back what you just did, while the line at the bottom says so.',
  'time.earlier': 'shifts the time range earlier, in every chart and list at once.',
  back: 'leads back to where you came from.',
  'filter.focus': 'writes a filter: words, labels, states. Escape leaves it.',
  'palette.open': 'lists every command and its key, and finds incidents. Escape closes it.',
  'go.logs': 'goes to the logs. After its first stroke the rail names the other views.',
  'help.open': 'lists the keys of the view you are in. Escape closes it.',
};

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
        {step === undefined ? <Goodbye /> : <Step command={step} />}
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

function Step({ command }: { readonly command: TourCommand }) {
  const keymap = useKeymap();
  const view = useSession((state) => state.view.kind);
  const isOver = useSession((state) => state.overlay !== null);
  return (
    <>
      <p>
        Press <Key keymap={keymap} command={command} />: it {says[command]}
      </p>
      {isOver || commandsIn(view).includes(command) ? (
        <p className={styles.faint}>
          <Key keymap={keymap} command="palette.open" /> and “end the tour” put this away.
        </p>
      ) : (
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

function Key({ keymap, command }: { readonly keymap: Keymap; readonly command: CommandId }) {
  const { mac } = useApp();
  const chord = keymap.get(command)?.[0];
  return chord === undefined ? <em>a key that you took away</em> : <Chord chord={chord} mac={mac} />;
}
