import type { SourceDraft } from '#shared/model/settings.ts';
import { inputLook } from '../../parts/text-input.tsx';
import { classes } from '../../ui/classes.ts';
import { FormRow, TextRow } from './form-row.tsx';
import { SecretEntry } from './secret-entry.tsx';
import { authenticationOf } from './source-fields.ts';
import styles from './settings.module.css';

interface AuthenticationRowsProps {
  readonly draft: SourceDraft;
  readonly onDraft: (draft: SourceDraft) => void;
}

const referenceHint = '${env:NAME}, ${file:PATH} or ${keychain:NAME}';

/** How the console proves who it is; secrets are references, never values. */
export function AuthenticationRows({ draft, onDraft }: AuthenticationRowsProps) {
  const { authentication } = draft;
  return (
    <>
      <FormRow label="Authentication" path="authentication.kind">
        {(control) => (
          <select
            {...control}
            className={classes(inputLook.field, styles.input)}
            value={authentication.kind}
            onChange={(event) => onDraft({ ...draft, authentication: authenticationOf(event.target.value) })}
          >
            <option>none</option>
            <option>basic</option>
            <option>bearer</option>
          </select>
        )}
      </FormRow>
      {authentication.kind === 'basic' ? (
        <>
          <TextRow
            label="User"
            path="authentication.username"
            value={authentication.username}
            onText={(username) => onDraft({ ...draft, authentication: { ...authentication, username } })}
          />
          <TextRow
            label="Password"
            path="authentication.password"
            placeholder={referenceHint}
            value={authentication.password}
            onText={(password) => onDraft({ ...draft, authentication: { ...authentication, password } })}
          />
          <SecretEntry
            what="password"
            source={draft.name}
            value={authentication.password}
            onReference={(password) => onDraft({ ...draft, authentication: { ...authentication, password } })}
          />
        </>
      ) : null}
      {authentication.kind === 'bearer' ? (
        <>
          <TextRow
            label="Token"
            path="authentication.token"
            placeholder={referenceHint}
            value={authentication.token}
            onText={(token) => onDraft({ ...draft, authentication: { ...authentication, token } })}
          />
          <SecretEntry
            what="token"
            source={draft.name}
            value={authentication.token}
            onReference={(token) => onDraft({ ...draft, authentication: { ...authentication, token } })}
          />
        </>
      ) : null}
    </>
  );
}
