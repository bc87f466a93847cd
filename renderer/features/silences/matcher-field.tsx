import { X } from 'lucide-react';
import { useRef, type ClipboardEvent, type KeyboardEvent } from 'react';
import { plainText } from '#shared/text.ts';
import { TextInput } from '../../parts/text-input.tsx';
import type { SilenceForm } from '../../stores/silences.ts';
import { classes } from '../../ui/classes.ts';
import { tokensOf, type FormField, type FormProblems } from './silence-form-model.ts';
import styles from './silence-form.module.css';

interface MatcherFieldProps {
  readonly form: Pick<SilenceForm, 'matchers' | 'added'>;
  readonly problems: FormProblems;
  /** How many open alerts the matcher of this text takes by itself; undefined while that is not known. */
  readonly countOf: (text: string) => number | undefined;
  readonly onForm: (part: Partial<SilenceForm>) => void;
}

const problemId = 'silence-matcher-problems';
const countId = (index: number): string => `silence-matcher-count-${index}`;

/** The matchers as tokens to write in, and a place for the next one. An emptied token goes away. */
export function MatcherField({ form, problems, countOf, onForm }: MatcherFieldProps) {
  const { matchers, added } = form;
  const list = useRef<HTMLUListElement>(null);
  const inputs = (): readonly HTMLInputElement[] => [...(list.current?.querySelectorAll('input') ?? [])];
  const change = (index: number, text: string): void =>
    onForm({ matchers: matchers.map((one, place) => (place === index ? text : one)) });
  const remove = (index: number): void => {
    onForm({ matchers: matchers.filter((_, place) => place !== index) });
    // The next token takes the place of the one that goes.
    inputs()[index + 1]?.focus();
  };
  const take = (text: string): boolean => {
    const tokens = tokensOf(text);
    if (tokens !== undefined) onForm({ matchers: [...matchers, ...tokens], added: '' });
    return tokens !== undefined;
  };
  const onAddedKey = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.nativeEvent.isComposing || event.ctrlKey || event.metaKey) return;
    if (event.key === 'Enter' || event.key === ',') {
      if (event.key === 'Enter' || tokensOf(added) !== undefined) event.preventDefault();
      take(added);
    } else if (event.key === 'Backspace' && added === '' && matchers.length > 0) {
      event.preventDefault();
      inputs()[matchers.length - 1]?.focus();
    }
  };
  const onPaste = (event: ClipboardEvent): void => {
    if (added === '' && take(event.clipboardData.getData('text').slice(0, 20_000))) event.preventDefault();
  };
  return (
    <div className={styles.matchers}>
      <ul ref={list} className={styles.tokens} aria-label="Matchers">
        {matchers.map((text, index) => (
          <li key={index} className={styles.token}>
            <Token
              index={index}
              text={text}
              isWrong={problems.has(`matcher-${index}`)}
              count={countOf(text)}
              onText={(next) => change(index, next)}
              onRemove={() => remove(index)}
            />
          </li>
        ))}
        <li className={styles.added}>
          <TextInput
            low
            mono
            aria-label="Add a matcher"
            aria-invalid={problems.has('added') || problems.has('matchers')}
            aria-describedby={problemId}
            placeholder={matchers.length === 0 ? 'label="value"' : 'and label="value"'}
            maxLength={20_000}
            value={added}
            onChange={(event) => onForm({ added: event.target.value })}
            onKeyDown={onAddedKey}
            onPaste={onPaste}
          />
        </li>
      </ul>
      <p id={problemId} className={styles.problem}>
        {wordsOf(problems)}
      </p>
    </div>
  );
}

function wordsOf(problems: FormProblems): string {
  const tokens = [...problems].filter(([field]) => field.startsWith('matcher-'));
  const words = tokens.map(([field, words]) => `Matcher ${placeOf(field)}: ${words}`);
  return plainText([...words, problems.get('added') ?? '', problems.get('matchers') ?? ''].join(' '), 400);
}

function placeOf(field: FormField): number {
  return Number(field.slice('matcher-'.length)) + 1;
}

interface TokenProps {
  readonly index: number;
  readonly text: string;
  readonly isWrong: boolean;
  readonly count: number | undefined;
  readonly onText: (text: string) => void;
  readonly onRemove: () => void;
}

function Token({ index, text, isWrong, count, onText, onRemove }: TokenProps) {
  return (
    <TextInput
      className={classes(styles.tokenBox, isWrong && styles.wrong)}
      low
      mono
      aria-label={`Matcher ${index + 1}`}
      aria-invalid={isWrong}
      aria-describedby={`${countId(index)} ${problemId}`}
      maxLength={10_000}
      value={text}
      onChange={(event) => onText(event.target.value)}
      onKeyDown={(event) => {
        if (event.key !== 'Backspace' || text !== '') return;
        event.preventDefault();
        onRemove();
      }}
      onBlur={() => {
        if (text.trim() === '') onRemove();
      }}
    >
      <span id={countId(index)} className={styles.count}>
        {count ?? '–'}
        <span className="unseen">{count === 1 ? ' open alert has it' : ' open alerts have it'}</span>
      </span>
      {/* With the keyboard a token goes away when it is emptied. */}
      <button
        type="button"
        tabIndex={-1}
        className={styles.remove}
        aria-label={`Remove matcher ${index + 1}`}
        onMouseDown={(event) => event.preventDefault()}
        onClick={onRemove}
      >
        <X size={14} strokeWidth={1.75} aria-hidden="true" />
      </button>
    </TextInput>
  );
}
