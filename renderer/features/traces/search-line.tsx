import type { FormEvent } from 'react';
import { plainText } from '#shared/text.ts';
import { useApp } from '../../app.ts';
import { Button } from '../../ui/button.tsx';
import { KeyChip } from '../../ui/key-chip.tsx';
import type { SearchForm } from '../../stores/traces.ts';
import { searchInputId } from './traces-commands.ts';
import styles from './traces.module.css';
import { useTraces } from './use-traces.ts';

interface SearchLineProps {
  /** What is wrong with what was submitted, or empty. */
  readonly problem: string;
  readonly onSubmit: () => void;
}

const maxNames = 500;

/** The search as one line: service, operation, tags, durations and limit. Enter searches. */
export function SearchLine({ problem, onSubmit }: SearchLineProps) {
  const { traces } = useApp();
  const service = useTraces((state) => state.service);
  const services = useTraces((state) => state.services);
  const operations = useTraces((state) => state.operations);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    traces.setState({ shows: 'search' });
    onSubmit();
    // The keys are those of the list again, even before there is one.
    (document.querySelector<HTMLElement>('[role="grid"]') ?? document.getElementById('main'))?.focus();
  };
  return (
    <form className={styles.search} aria-label="Search traces" onSubmit={submit}>
      <label className={styles.field}>
        <span>service</span>
        <input
          id={searchInputId}
          list="trace-services"
          value={service}
          maxLength={500}
          placeholder="one of them"
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => traces.setState({ service: event.target.value })}
        />
      </label>
      <Names id="trace-services" names={services} />
      <Field name="operation" part="operation" list="trace-operations" placeholder="any" />
      <Names id="trace-operations" names={operations} />
      <Field name="tags" part="tags" placeholder="http.status_code=500 error=true" wide />
      <Field name="min" part="minDuration" placeholder="100ms" />
      <Field name="max" part="maxDuration" placeholder="2s" />
      <Field name="limit" part="limit" placeholder="20" />
      <KeyChip chord="/" />
      <Button type="submit">Search</Button>
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
  readonly wide?: boolean;
}

function Field({ name, part, placeholder, list, wide = false }: FieldProps) {
  const { traces } = useApp();
  const value = useTraces((state) => state.form[part]);
  return (
    <label className={styles.field} data-wide={wide} data-part={part}>
      <span>{name}</span>
      <input
        list={list}
        value={value}
        maxLength={2_000}
        placeholder={placeholder}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) =>
          traces.setState({ form: { ...traces.getState().form, [part]: event.target.value } })
        }
      />
    </label>
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
