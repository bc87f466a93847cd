import { useEffect, useState } from 'react';
import type { CommandFailure } from '#shared/failure.ts';
import type { SettingsView, SourceDraft } from '#shared/model/settings.ts';
import { sourceKinds } from '#shared/model/source.ts';
import { drop } from '#shared/result.ts';
import { plainText } from '#shared/text.ts';
import { tell, withdraw } from '../../actions/toasts.ts';
import { goBack, typedIsKept } from '../../actions/view.ts';
import { useApp, useSession } from '../../app.ts';
import { inputLook } from '../../parts/text-input.tsx';
import type { SourceEdit } from '../../stores/session.ts';
import { Button } from '../../ui/button.tsx';
import { classes } from '../../ui/classes.ts';
import { AuthenticationRows } from './authentication-rows.tsx';
import { ConnectionTest } from './connection-test.tsx';
import { FormRow, TextRow } from './form-row.tsx';
import { HeaderRows } from './header-rows.tsx';
import { SecretState } from './secret-state.tsx';
import styles from './settings.module.css';
import {
  addressFields,
  checkDraft,
  numberFields,
  proxyField,
  tenantField,
  tlsFields,
  type FieldProblems,
  type TextField,
} from './source-fields.ts';

interface SourceFormProps {
  readonly edit: SourceEdit;
  readonly settings: SettingsView;
  readonly onSaved: (settings: SettingsView) => void;
}

const noProblems: FieldProblems = new Map();

/** Adds or edits a source. Nothing is written before it is saved. */
export function SourceForm({ edit, settings, onSaved }: SourceFormProps) {
  const app = useApp();
  const { draft, isKept, setDraft, forget } = useTyped(edit);
  const [problems, setProblems] = useState(noProblems);
  const [failure, setFailure] = useState<CommandFailure | null>(null);
  const secrets = settings.sources.find((source) => source.draft.name === edit.replaces)?.secrets ?? [];

  async function save(): Promise<void> {
    const checked = checkDraft(draft);
    setProblems(checked.ok ? noProblems : checked.failure);
    if (!checked.ok) return;
    const answer = await app.core.call('settings.saveSource', {
      draft: checked.value,
      replaces: edit.replaces,
    });
    setFailure(answer.ok ? null : answer.failure);
    if (!answer.ok) return;
    onSaved(answer.value);
    app.session.setState({ sourceEdit: null, sourceTyped: null, settingsCursor: checked.value.name });
    tell(app, { tone: 'plain', text: `Saved ${checked.value.name} to ${settings.path}`, undo: null });
  }

  return (
    <form
      className={styles.form}
      aria-label={edit.replaces === null ? 'Add a source' : `Edit ${edit.replaces}`}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        drop(save(), 'shows its own failure');
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        drop(save(), 'shows its own failure');
      }}
    >
      <h2 className={styles.heading}>
        {edit.replaces === null ? 'Add a source' : plainText(edit.replaces, 64)}
      </h2>
      {isKept ? (
        <p className={styles.secrets}>
          This is what you typed before; it is not saved. <Button onClick={forget}>Start over</Button>
        </p>
      ) : null}
      <SourceFields draft={draft} problems={problems} onDraft={setDraft} />
      {secrets.length === 0 ? null : (
        <p className={styles.secrets}>
          <SecretState secrets={secrets} />
        </p>
      )}
      <ConnectionTest draft={draft} replaces={edit.replaces} />
      {failure === null ? null : (
        <p className={styles.failure} role="alert">
          {plainText(failure.message, 400)}. {plainText(failure.nextStep, 400)}
        </p>
      )}
      <p className={styles.buttons}>
        <Button type="submit" chord="Mod+Enter" due>
          Save
        </Button>
        <Button chord="Escape" onClick={() => goBack(app)}>
          Back
        </Button>
        <span className={styles.faint}>saved into {plainText(settings.path, 300)}</span>
      </p>
    </form>
  );
}

/** What is typed outlives the form: a key that leaves it must cost nobody a page of settings. */
function useTyped(edit: SourceEdit) {
  const app = useApp();
  const { session } = app;
  const typed = useSession((state) =>
    state.sourceTyped?.replaces === edit.replaces ? state.sourceTyped : null,
  );
  const [isKept, setKept] = useState(typed !== null);
  // It lies over the buttons of the form, which says the same itself.
  useEffect(() => withdraw(app, typedIsKept), [app]);
  return {
    draft: typed?.draft ?? edit.draft,
    isKept,
    setDraft: (draft: SourceDraft) => session.setState({ sourceTyped: { replaces: edit.replaces, draft } }),
    forget: () => {
      session.setState({ sourceTyped: null });
      setKept(false);
    },
  };
}

interface FieldsProps {
  readonly draft: SourceDraft;
  readonly problems: FieldProblems;
  readonly onDraft: (draft: SourceDraft) => void;
}

function SourceFields({ draft, problems, onDraft }: FieldsProps) {
  const textRow = (field: TextField, index: number) => (
    <TextRow
      key={field.path}
      label={field.label}
      path={field.path}
      placeholder={field.hint}
      problem={problems.get(field.path)}
      // The form was opened to be filled in.
      autoFocus={field.path === 'name' && index === 0}
      value={field.read(draft)}
      onText={(text) => onDraft(field.write(draft, text))}
    />
  );
  return (
    <>
      {addressFields.map(textRow)}
      <FormRow label="Kind" path="kind">
        {(control) => (
          <select
            {...control}
            className={classes(inputLook.field, styles.input)}
            value={draft.kind}
            onChange={(event) => {
              const kind = sourceKinds.find((one) => one === event.target.value);
              if (kind !== undefined) onDraft({ ...draft, kind });
            }}
          >
            {sourceKinds.map((kind) => (
              <option key={kind}>{kind}</option>
            ))}
          </select>
        )}
      </FormRow>
      <AuthenticationRows draft={draft} onDraft={onDraft} />
      {textRow(tenantField, 0)}
      <HeaderRows draft={draft} onDraft={onDraft} />
      {numberFields.map((field) => (
        <TextRow
          key={field.key}
          label={field.label}
          path={field.path}
          type="number"
          min={1}
          max={field.max}
          problem={problems.get(field.key)}
          value={Number.isNaN(draft[field.key]) ? '' : String(draft[field.key])}
          onText={(text) => onDraft({ ...draft, [field.key]: text === '' ? Number.NaN : Number(text) })}
        />
      ))}
      {tlsFields.map(textRow)}
      {textRow(proxyField, 0)}
    </>
  );
}
