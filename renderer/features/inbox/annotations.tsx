import type { Labels } from '#shared/model/labels.ts';
import { plainText } from '#shared/text.ts';
import { ServerText } from '../../parts/server-text.tsx';
import { late } from '../../ui/late.ts';
import { useLate } from '../../ui/use-late.ts';
import styles from './preview.module.css';

/** The parser is large and the first list does without it. */
const markdown = late(() => import('../../parts/markdown.tsx'));

/** Shown elsewhere in the preview. */
const shownElsewhere = new Set(['summary', 'runbook_url']);
const maxShown = 6;
const maxLength = 2_000;

/** What an alert says of itself beside its summary: Markdown, of which nothing becomes markup of ours. */
export function Annotations({ annotations }: { readonly annotations: Labels }) {
  const state = useLate(markdown);
  const said = Object.entries(annotations)
    .filter(([name, value]) => !shownElsewhere.has(name) && value.trim() !== '')
    .slice(0, maxShown);
  if (said.length === 0) return null;
  return (
    <dl className={styles.facts} aria-label="Annotations">
      {said.map(([name, value]) => (
        <div key={name} className={styles.fact}>
          <dt>{plainText(name, 40)}</dt>
          <dd>
            {state.kind === 'here' ? (
              <state.module.Markdown text={value.slice(0, maxLength)} />
            ) : (
              <ServerText text={value} max={maxLength} />
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}
