import type { FormEvent } from 'react';
import { plainText } from '#shared/text.ts';
import { focusRows } from '../../actions/focus.ts';
import { useApp } from '../../app.ts';
import { SourceChoice } from '../../parts/source-choice.tsx';
import { TextInput } from '../../parts/text-input.tsx';
import type { SearchForm } from '../../stores/traces.ts';
import { Button } from '../../ui/button.tsx';
import { classes } from '../../ui/classes.ts';
import { KeyChip } from '../../ui/key-chip.tsx';
import { chooseSource } from './trace-sources.ts';
import { searchInputId, submitSearch } from './traces-commands.ts';
import styles from './traces.module.css';
import { useSearchDue } from './use-search.ts';
import { useTraces } from './use-traces.ts';

const maxNames = 500;

/** The search as one line: service, operation, tags, durations and limit. Enter searches. */
export function SearchLine() {
  const app = useApp();
  const { traces } = app;
  const source = useTraces((state) => state.source);
  const problem = useTraces((state) => state.problem);
  const due = useSearchDue();
  const service = useTraces((state) => state.service);
  const services = useTraces((state) => state.services);
  const operations = useTraces((state) => state.operations);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    submitSearch(app);
    // The keys are those of the list again, even before there is one.
    focusRows();
  };
  return (
    <form className={styles.search} aria-label="Search traces" onSubmit={submit}>
      <TextInput
        enterKeyHint="search"
        word="service"
        mono
        low
        className={styles.field}
        id={searchInputId}
        list="trace-services"
        value={service}
        maxLength={500}
        placeholder="one of them"
        onChange={(event) => traces.setState({ service: event.target.value })}
      />
      <Names id="trace-services" names={services} />
      <Field name="operation" part="operation" list="trace-operations" placeholder="any" />
      <Names id="trace-operations" names={operations} />
      <Field name="tags" part="tags" placeholder="http.status_code=500 error=true" width="wide" />
      <Field name="min" part="minDuration" placeholder="100ms" width="narrow" />
      <Field name="max" part="maxDuration" placeholder="2s" width="narrow" />
      <Field name="limit" part="limit" placeholder="20" width="narrow" />
      <SourceChoice kind="jaeger" value={source} chord="J" onChoose={(name) => chooseSource(app, name)} />
      <KeyChip chord="/" />
      <Button type="submit" due={due}>
        Search
      </Button>
      {problem === '' ? null : (
        <span role="alert" className={styles.problem}>
          {problem}
        </span>
      )}
    </form>
  );
}

interface FieldProps {
  readonly name: string;
  readonly part: keyof SearchForm;
  readonly placeholder: string;
  readonly list?: string;
  readonly width?: 'wide' | 'narrow';
}

function Field({ name, part, placeholder, list, width }: FieldProps) {
  const { traces } = useApp();
  const value = useTraces((state) => state.form[part]);
  return (
    <TextInput
      enterKeyHint="search"
      word={name}
      mono
      low
      className={classes(styles.field, width !== undefined && styles[width])}
      list={list}
      value={value}
      maxLength={2_000}
      placeholder={placeholder}
      onChange={(event) =>
        traces.setState({ form: { ...traces.getState().form, [part]: event.target.value } })
      }
    />
  );
}

/** Names to choose from. The value is asked as it is; what is read of it is made safe. */
function Names({ id, names }: { readonly id: string; readonly names: readonly string[] }) {
  return (
    <datalist id={id}>
      {names.slice(0, maxNames).map((name) => (
        <option key={name} value={name} label={plainText(name, 100)} />
      ))}
    </datalist>
  );
}
