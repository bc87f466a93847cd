import { useEffect, useRef, useState, type ReactNode } from 'react';
import { commands } from '#shared/contract.ts';
import type { CommandFailure } from '#shared/failure.ts';
import type { SourceDraft } from '#shared/model/settings.ts';
import { drop } from '#shared/result.ts';
import type { OutputOf } from '#shared/rpc/definition.ts';
import { plainText } from '#shared/text.ts';
import { useApp } from '../../app.ts';
import { Glyph } from '../../parts/glyphs.tsx';
import { Button } from '../../ui/button.tsx';
import styles from './settings.module.css';
import { checkDraft } from './source-fields.ts';

type Steps = OutputOf<(typeof commands)['source.test']>['steps'];
type Asks = OutputOf<(typeof commands)['source.test']>['asks'];
type TestState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'running' }
  | { readonly kind: 'asks'; readonly asks: Asks; readonly draft: SourceDraft }
  | { readonly kind: 'done'; readonly steps: Steps }
  | { readonly kind: 'failed'; readonly failure: CommandFailure };

const deadlineMs = 60_000;

/** Tries the connection as it is written in the form, step by step, and stops at the first that fails. */
export function ConnectionTest({
  draft,
  replaces,
}: {
  readonly draft: SourceDraft;
  readonly replaces: string | null;
}) {
  const { core } = useApp();
  const [state, setState] = useState<TestState>({ kind: 'idle' });
  const running = useRef<AbortController>(null);
  const outcome = useRef<HTMLDivElement>(null);
  useEffect(() => () => running.current?.abort(), []);
  useEffect(() => {
    if (state.kind !== 'idle') outcome.current?.scrollIntoView({ block: 'nearest' });
  }, [state.kind]);

  async function test(secretsTo: readonly string[] = []): Promise<void> {
    const checked = checkDraft(draft.name === '' ? { ...draft, name: 'unnamed' } : draft);
    if (!checked.ok) {
      const message = [...checked.failure.values()].join(' ');
      return setState({ kind: 'failed', failure: { code: 'invalid-input', message, nextStep: '' } });
    }
    running.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    setState({ kind: 'running' });
    const answer = await core.call(
      'source.test',
      { draft: checked.value, replaces, secretsTo: [...secretsTo] },
      { signal: controller.signal, deadlineMs },
    );
    if (controller.signal.aborted) return;
    if (!answer.ok) return setState({ kind: 'failed', failure: answer.failure });
    const { asks, steps } = answer.value;
    setState(asks.length > 0 ? { kind: 'asks', asks, draft } : { kind: 'done', steps });
  }

  return (
    <section className={styles.test} aria-label="Connection test">
      {/* Never disabled, which would take the focus away from the form: once more begins anew. */}
      <Button aria-busy={state.kind === 'running'} onClick={() => drop(test(), 'shows its own failure')}>
        Test connection
      </Button>
      <div ref={outcome} role="status">
        {state.kind === 'running' ? <p className={styles.support}>Trying …</p> : null}
        {state.kind === 'asks' ? (
          <Question asks={state.asks}>
            {/* An address that was changed since is another question. */}
            {state.draft === draft ? (
              <Button onClick={() => drop(test(state.asks.map(({ to }) => to)), 'shows its own failure')}>
                Send and test
              </Button>
            ) : null}
          </Question>
        ) : null}
        {state.kind === 'failed' ? (
          <p className={styles.support}>
            {plainText(state.failure.message, 400)} {plainText(state.failure.nextStep, 400)}
          </p>
        ) : null}
        {state.kind === 'done' ? (
          <ol className={styles.steps}>
            {state.steps.map((step) => (
              <Step key={step.name} step={step} />
            ))}
          </ol>
        ) : null}
      </div>
    </section>
  );
}

/** Nothing was sent yet: the file does not have these references for these servers. */
function Question({ asks, children }: { readonly asks: Asks; readonly children: ReactNode }) {
  return (
    <>
      {asks.map(({ to, references }) => (
        <p key={to} className={styles.support}>
          What <code>{plainText(references.join(', '), 300)}</code> stands for would be sent to{' '}
          <strong>{plainText(to, 300)}</strong>, for which the file does not have it.
        </p>
      ))}
      {children}
    </>
  );
}

function Step({ step }: { readonly step: Steps[number] }) {
  const { failure } = step;
  return (
    <li className={styles.step}>
      <Glyph name={failure === null ? 'ok' : 'failed'} />
      <span className={styles.name}>{plainText(step.name, 60)}</span>
      <span className={styles.support}>
        {failure === null ? (
          plainText(step.detail, 300)
        ) : (
          <>
            <code>{failure.code}</code> {plainText(failure.message, 400)}
            <br />
            {plainText(failure.nextStep, 400)}
          </>
        )}
      </span>
      <span className={styles.number}>{Math.round(step.tookMs)} ms</span>
    </li>
  );
}
