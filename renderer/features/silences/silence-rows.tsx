import { useId, type RefObject } from 'react';
import type { Silence } from '#shared/model/silence.ts';
import { formatDateTime } from '#shared/time.ts';
import { inputLook, TextInput } from '../../parts/text-input.tsx';
import type { SilenceForm as Form } from '../../stores/silences.ts';
import { classes } from '../../ui/classes.ts';
import { Row } from './form-row.tsx';
import { MatcherField } from './matcher-field.tsx';
import type { FormProblems } from './silence-form-model.ts';
import styles from './silence-form.module.css';
import { Chip } from './time-fields.tsx';
import { countIn } from './use-preview.ts';
import { useSilences } from './use-silences.ts';

/** The rows of a silence's form that are more than one control. */

interface FieldProps {
  readonly form: Form;
  readonly onForm: (part: Partial<Form>) => void;
}

/** The matchers, with what is known of each. */
export function MatchersRow({ form, problems, onForm }: FieldProps & { readonly problems: FormProblems }) {
  const preview = useSilences((state) => state.preview);
  const isChoosing = useSilences((state) => state.isChoosing);
  return (
    <Row label="Matchers">
      <MatcherField
        form={form}
        problems={problems}
        countOf={(text) => countIn(preview, text)}
        onForm={onForm}
      />
      {isChoosing ? <span className={styles.support}>Choosing what identifies the trouble.</span> : null}
    </Row>
  );
}

interface StartRowProps extends FieldProps {
  readonly problem: string | undefined;
  readonly edited: Silence | undefined;
}

/** When it starts; of one that is active, when it did. */
export function StartRow({ form, problem, edited, onForm }: StartRowProps) {
  const id = useId();
  if (edited?.state === 'active') {
    return (
      <Row label="Starts">
        <span className={styles.support}>since {formatDateTime(edited.startsAtMs)}</span>
      </Row>
    );
  }
  const { startText } = form;
  return (
    <Row label="Starts">
      <div className={styles.chips} role="radiogroup" aria-label="Starts">
        <Chip
          name={id}
          word="now"
          isChosen={startText === null}
          onChoose={() => onForm({ startText: null })}
        />
        <Chip
          name={id}
          word="later"
          isChosen={startText !== null}
          onChoose={() => onForm({ startText: startText ?? '' })}
        />
        {startText === null ? null : (
          <TextInput
            className={styles.typedTime}
            low
            mono
            aria-label="Starts, typed"
            aria-invalid={problem !== undefined}
            aria-describedby={`${id}-problem`}
            placeholder="14:30 or 2h"
            maxLength={40}
            value={startText}
            onChange={(event) => onForm({ startText: event.target.value })}
          />
        )}
      </div>
      <p id={`${id}-problem`} className={styles.problem}>
        {problem}
      </p>
    </Row>
  );
}

interface CommentRowProps extends FieldProps {
  readonly field: RefObject<HTMLTextAreaElement | null>;
  readonly problem: string | undefined;
}

/** Why; nobody can silence anything without saying so. */
export function CommentRow({ field, form, problem, onForm }: CommentRowProps) {
  const id = useId();
  return (
    <Row label="Comment">
      <textarea
        ref={field}
        className={classes(inputLook.field, styles.comment)}
        aria-label="Comment"
        aria-required="true"
        aria-invalid={problem !== undefined}
        aria-describedby={`${id}-problem`}
        placeholder="Why, and who knows more"
        rows={2}
        maxLength={10_000}
        value={form.comment}
        onChange={(event) => onForm({ comment: event.target.value })}
      />
      <p id={`${id}-problem`} className={styles.problem}>
        {problem}
      </p>
    </Row>
  );
}
