import { useEffect, useRef, useState } from 'react';
import type { SettingsView } from '#shared/model/settings.ts';
import { plainText } from '#shared/text.ts';
import { tell } from '../../actions/toasts.ts';
import { openOverlay } from '../../actions/view.ts';
import { useApp, useLive, useSession } from '../../app.ts';
import { Button } from '../../ui/button.tsx';
import { ForgetDialog } from './forget-dialog.tsx';
import { secretPlaces } from './secret-places.ts';
import styles from './settings.module.css';

/** What the host keeps for this console, by name; what is behind a name never comes to a window. */
export function StoredSecrets({ settings }: { readonly settings: SettingsView }) {
  const app = useApp();
  const secrets = useLive((live) => live.secrets);
  const isAsking = useSession((state) => state.overlay === 'forget-secret');
  const [chosen, setChosen] = useState<string | null>(null);
  const list = useForgotten(secrets?.names);
  if (secrets === null) return null;
  const { names, backend, needsConsent, problem } = secrets;
  return (
    <fieldset className={styles.choices}>
      <legend>Stored secrets</legend>
      <p className={styles.support}>{secretPlaces[backend]}</p>
      {problem === '' ? null : (
        <p className={styles.trouble} role="alert">
          {plainText(problem, 500)}
        </p>
      )}
      {needsConsent ? (
        <Button onClick={() => app.host.send({ kind: 'allow-plain-secrets' })}>
          Keep them all the same …
        </Button>
      ) : null}
      <ul ref={list} className={styles.storedSecrets} aria-label="Stored secrets" tabIndex={-1}>
        {names.map((name) => (
          <li key={name}>
            <code>{name}</code>
            <span className={styles.support}>{wordsOf(usersOf(name, settings))}</span>
            <Button
              aria-label={`Forget ${name}`}
              onClick={() => {
                setChosen(name);
                openOverlay(app, 'forget-secret');
              }}
            >
              Forget …
            </Button>
          </li>
        ))}
      </ul>
      {names.length === 0 ? <p className={styles.faint}>None.</p> : null}
      {isAsking && chosen !== null ? <ForgetDialog name={chosen} users={usersOf(chosen, settings)} /> : null}
    </fieldset>
  );
}

/** Says what is gone once the host has said so, and keeps the keys where the button was. */
function useForgotten(names: readonly string[] | undefined) {
  const app = useApp();
  const list = useRef<HTMLUListElement>(null);
  const before = useRef(names);
  useEffect(() => {
    const gone = before.current?.filter((name) => names?.includes(name) === false) ?? [];
    before.current = names;
    if (gone.length === 0) return;
    tell(app, { tone: 'plain', text: `Forgot ${gone.join(', ')}`, undo: null });
    if (document.activeElement === document.body)
      (list.current?.querySelector('button') ?? list.current)?.focus({ preventScroll: true });
  }, [app, names]);
  return list;
}

/** The sources of the configuration that refer to it. */
function usersOf(name: string, { sources }: SettingsView): readonly string[] {
  return sources
    .filter(({ secrets }) => secrets.some(({ reference }) => reference === `\${keychain:${name}}`))
    .map(({ draft }) => draft.name);
}

function wordsOf(users: readonly string[]): string {
  return users.length === 0 ? 'used by no source' : `used by ${plainText(users.join(', '), 120)}`;
}
