import { useApp, useLive, usePreferences, useSession } from '../../app.ts';
import type { CommandId } from '../../keys/keymap.ts';
import { useKeymap } from '../../parts/use-keymap.ts';
import { lanesByNeed, lanesBySeverity, type Arrangement } from '../../stores/arrangement.ts';
import { classes } from '../../ui/classes.ts';
import { Caps, KeyChip } from '../../ui/key-chip.tsx';
import styles from './arrange-bar.module.css';
import { arrangementInForce } from './arrangement-in-force.ts';
import { arrangementWords } from './arrangement.ts';
import { LabelField } from './label-field.tsx';

/** How the inbox is laid out, said where it is not as usual; and every choice, while `o` waits for its letter. */
export function ArrangeBar() {
  const app = useApp();
  useLive((state) => state.views);
  useSession((state) => state.filter);
  usePreferences((state) => state.arrangements);
  const isChoosing = useSession((state) => state.chordStrokes[0] === 'o');
  const arranging = useSession((state) => state.arranging);
  const arrangement = arrangementInForce(app);
  if (arranging !== null) return <LabelField key={arranging} what={arranging} arrangement={arrangement} />;
  if (isChoosing) return <Choices arrangement={arrangement} />;
  const words = arrangementWords(arrangement);
  if (words === '') return null;
  return (
    <p className={styles.bar}>
      <span className={styles.words}>{words}</span>
      <span className={styles.hint}>
        <KeyChip chord="o 0" /> as usual
      </span>
    </p>
  );
}

const choices = [
  ['arrange.sort-severity', 'severity'],
  ['arrange.sort-age', 'age'],
  ['arrange.sort-alerts', 'alerts'],
  ['arrange.sort-change', 'last change'],
  ['arrange.sort-service', 'service'],
  ['arrange.lanes-need', 'lanes by need'],
  ['arrange.lanes-severity', 'by severity'],
  ['arrange.lanes-label', 'by a label'],
  ['arrange.groups', 'group by labels'],
  ['arrange.as-usual', 'as usual'],
] as const satisfies readonly (readonly [CommandId, string])[];

function Choices({ arrangement }: { readonly arrangement: Arrangement }) {
  const keymap = useKeymap();
  return (
    <ul className={classes(styles.bar, styles.choices)} aria-label="Arrange by">
      {choices.map(([id, word]) => (
        <li key={id} className={classes(styles.choice, isChosen(id, arrangement) && styles.chosen)}>
          <Caps chord={keymap.get(id)?.[0]?.split(' ').at(-1) ?? ''} /> {word}
        </li>
      ))}
    </ul>
  );
}

function isChosen(id: CommandId, { lanes, groupBy, sort }: Arrangement): boolean {
  switch (id) {
    case 'arrange.lanes-need':
      return lanes === lanesByNeed;
    case 'arrange.lanes-severity':
      return lanes === lanesBySeverity;
    case 'arrange.lanes-label':
      return lanes !== lanesByNeed && lanes !== lanesBySeverity;
    case 'arrange.groups':
      return groupBy.length > 0;
    default:
      return sort !== null && id === `arrange.sort-${sort}`;
  }
}
