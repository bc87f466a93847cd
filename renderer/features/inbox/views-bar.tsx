import { Bell } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { maxViewName } from '#shared/model/view.ts';
import { drop } from '#shared/result.ts';
import { plainText } from '#shared/text.ts';
import { focusRows } from '../../actions/focus.ts';
import { useApp, useLive, usePreferences, useSession } from '../../app.ts';
import { TextInput } from '../../parts/text-input.tsx';
import { classes } from '../../ui/classes.ts';
import { KeyChip } from '../../ui/key-chip.tsx';
import { carryOverViews, chooseView, nameView, viewInForce, viewsOf } from './saved-views.ts';
import type { ViewCount } from './view-counts.ts';
import styles from './views-bar.module.css';

/** The saved views with what each of them counts now, and the field in which one is named. */
export function ViewsBar({ counts }: { readonly counts: readonly ViewCount[] }) {
  const app = useApp();
  const nobodySaved = useLive((state) => state.views?.wereSaved === false);
  useLive((state) => state.views);
  const hasOwn = usePreferences((state) => state.views.length > 0);
  useEffect(() => {
    if (nobodySaved && hasOwn) drop(carryOverViews(app), 'tells its own failure');
  }, [app, nobodySaved, hasOwn]);
  const views = viewsOf(app);
  const naming = useSession((state) => state.viewNaming);
  const filter = useSession((state) => state.filter);
  if (views.length === 0 && naming === null) return null;
  const inForce = viewInForce(app);
  return (
    <div className={styles.bar}>
      <ul className={styles.views} aria-label="Saved views">
        {views.map((view, index) => (
          <li key={view.name}>
            <button
              type="button"
              className={classes(styles.view, index === inForce && styles.inForce)}
              aria-pressed={index === inForce}
              onClick={() => chooseView(app, index === inForce ? -1 : index)}
            >
              <span className={styles.key} aria-hidden="true">
                {index + 1}
              </span>{' '}
              {plainText(view.name, maxViewName)} <Count count={counts[index]} />
              {view.notifies ? <NotifiesSign /> : null}
            </button>
          </li>
        ))}
      </ul>
      {naming === null ? (
        <Hint isSaved={inForce !== -1} isFiltered={filter.trim() !== ''} />
      ) : (
        <NameField was={naming === 'rename' ? (views[inForce]?.name ?? '') : ''} />
      )}
    </div>
  );
}

function NotifiesSign() {
  return (
    <>
      {' '}
      <Bell size={12} strokeWidth={1.75} aria-hidden="true" />
      <span className="unseen">, notifies</span>
    </>
  );
}

function Count({ count }: { readonly count: ViewCount | undefined }) {
  if (count === undefined || count.kind === 'waiting') return <span className={styles.count}>…</span>;
  if (count.kind === 'wrong') {
    return <span className={styles.wrong}>cannot be read: {plainText(count.message, 80)}</span>;
  }
  const { matching, unknown } = count;
  return (
    <>
      <strong className={styles.count}>{matching}</strong>
      {unknown === 0 ? null : <span className={styles.doubt}> +{unknown} may match</span>}
    </>
  );
}

function Hint({ isSaved, isFiltered }: { readonly isSaved: boolean; readonly isFiltered: boolean }) {
  if (isSaved) {
    return (
      <p className={styles.hint}>
        <KeyChip chord="v n" /> notify <KeyChip chord="v r" /> rename <KeyChip chord="v x" /> delete{' '}
        <KeyChip chord="v 0" /> all
      </p>
    );
  }
  return (
    <p className={styles.hint}>
      {isFiltered ? (
        <>
          <KeyChip chord="v s" /> save this filter
        </>
      ) : (
        <>
          <KeyChip chord="v 1" /> choose
        </>
      )}
    </p>
  );
}

function NameField({ was }: { readonly was: string }) {
  const app = useApp();
  const [name, setName] = useState(was);
  const [problem, setProblem] = useState('');
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    input.current?.focus();
    input.current?.select();
  }, []);
  const leave = (): void => {
    app.session.setState({ viewNaming: null });
    focusRows();
  };
  return (
    <div className={styles.naming}>
      {problem === '' ? null : (
        <span id="view-name-problem" role="status" className={styles.problem}>
          {problem}
        </span>
      )}
      <TextInput
        className={styles.name}
        low
        word="Name of the view"
        ref={input}
        value={name}
        maxLength={maxViewName}
        aria-invalid={problem !== ''}
        aria-describedby={problem === '' ? undefined : 'view-name-problem'}
        onChange={(event) => setName(event.target.value)}
        onBlur={() => app.session.setState({ viewNaming: null })}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing || (event.key !== 'Enter' && event.key !== 'Escape')) return;
          event.preventDefault();
          if (event.key === 'Escape') return leave();
          const wrong = nameView(app, name);
          setProblem(wrong);
          if (wrong === '') leave();
        }}
      >
        <KeyChip chord="Enter" />
      </TextInput>
    </div>
  );
}
