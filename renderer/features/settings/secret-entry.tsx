import { useRef } from 'react';
import { plainText } from '#shared/text.ts';
import { inputLook } from '../../parts/text-input.tsx';
import { useApp, useLive } from '../../app.ts';
import { Button } from '../../ui/button.tsx';
import { classes } from '../../ui/classes.ts';
import { keychainReference } from './keychain-reference.ts';
import { FormRow } from './form-row.tsx';
import { secretPlaces } from './secret-places.ts';
import styles from './settings.module.css';

interface SecretEntryProps {
  readonly what: 'password' | 'token';
  /** The name of the source, from which the secret gets its own. */
  readonly source: string;
  /** What stands in the field now. */
  readonly value: string;
  readonly onReference: (reference: string) => void;
}

/**
 * Types a secret once, into the host's keychain; the form gets the reference to it. The value is never in
 * the state of the window: it goes from the field to the host, and the field is emptied.
 */
export function SecretEntry({ what, source, value, onReference }: SecretEntryProps) {
  const { host } = useApp();
  const secrets = useLive((live) => live.secrets);
  const field = useRef<HTMLInputElement>(null);
  if (secrets === null) return null;
  if (secrets.backend === 'none') return <Place>{secretPlaces.none}</Place>;

  function store(): void {
    const typed = field.current?.value ?? '';
    if (field.current === null || secrets === null || typed === '') return;
    const { name, reference } = keychainReference(source, what, value, secrets.names);
    host.send({ kind: 'store-secret', name, value: typed });
    field.current.value = '';
    onReference(reference);
  }

  return (
    <>
      <FormRow label={`Type the ${what}`} path="kept by the app">
        {(control) => (
          <span className={styles.typedSecret}>
            <input
              {...control}
              ref={field}
              type="password"
              className={classes(inputLook.field, styles.input)}
              placeholder="once; the form gets a reference"
              maxLength={8_192}
              spellCheck={false}
              autoComplete="off"
              onKeyDown={(event) => {
                if (event.key !== 'Enter') return;
                event.preventDefault();
                store();
              }}
            />
            <Button onClick={store}>Store</Button>
          </span>
        )}
      </FormRow>
      <Place>{secretPlaces[secrets.backend]}</Place>
      {secrets.needsConsent ? (
        <p className={styles.secretNote}>
          <Button onClick={() => host.send({ kind: 'allow-plain-secrets' })}>Keep them all the same …</Button>
        </p>
      ) : null}
      {secrets.problem === '' ? null : (
        <p className={classes(styles.failure, styles.secretNote)} role="alert">
          {plainText(secrets.problem, 500)}
        </p>
      )}
    </>
  );
}

function Place({ children }: { readonly children: string }) {
  return <p className={styles.secretNote}>{children}</p>;
}
