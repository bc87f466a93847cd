import { useEffect, useRef, useState } from 'react';
import type { CommandFailure } from '#shared/failure.ts';
import type { Silence } from '#shared/model/silence.ts';
import { drop } from '#shared/result.ts';
import { plainText } from '#shared/text.ts';
import { formatDateTime } from '#shared/time.ts';
import { useApp, useLive } from '../../app.ts';
import type { FormSubject, SilenceForm as Form } from '../../stores/silences.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ClusterField } from './cluster-field.tsx';
import { Row } from './form-row.tsx';
import { PreviewNote } from './preview-note.tsx';
import { quietWords } from './preview-words.ts';
import { beginForm, leaveForm, sendForm, startOver } from './silence-actions.ts';
import { draftOf, previewedMatchers, type FormProblems } from './silence-form-model.ts';
import styles from './silence-form.module.css';
import { CommentRow, MatchersRow, StartRow } from './silence-rows.tsx';
import { EndChoices, EndWords } from './time-fields.tsx';
import { useClusterSight } from './use-clusters.ts';
import { useSilences } from './use-silences.ts';
import { useAskedPreview } from './use-preview.ts';

const noProblems: FormProblems = new Map();

/** The form of one silence: made, changed or begun anew. */
export function SilenceFormDialog() {
  const app = useApp();
  const asked = useSilences((state) => state.asked);
  useEffect(() => beginForm(app, asked), [app, asked]);
  const subject = useSilences((state) => state.subject);
  const form = useSilences((state) => state.form);
  if (asked !== null || subject === null || form === null) return null;
  return <OpenForm subject={subject} form={form} />;
}

interface OpenFormProps {
  readonly subject: FormSubject;
  readonly form: Form;
}

function OpenForm({ subject, form }: OpenFormProps) {
  const app = useApp();
  const [problems, setProblems] = useState(noProblems);
  const [failure, setFailure] = useState<CommandFailure | null>(null);
  const isSending = useRef(false);
  const comment = useRef<HTMLTextAreaElement>(null);
  const whole = useRef<HTMLFormElement>(null);
  // Where the matchers are there or come by themselves, the comment is what is missing.
  const isChosen = subject.kind !== 'new' || subject.incidentIds.length > 0;
  const edited = useEdited(subject);
  useAskedPreview(form, subject);
  const operator = useLive((state) => state.console?.operator ?? '');
  useEffect(() => {
    // What was refused is mended where the first thing is wrong.
    if (problems.size > 0) whole.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [problems]);
  const set = (part: Partial<Form>): void => app.silences.setState({ form: { ...form, ...part } });
  const close = (): void => leaveForm(app);

  async function send(): Promise<void> {
    const draft = draftOf(form, { edited, nowMs: Date.now() });
    setProblems(draft.ok ? noProblems : draft.failure);
    if (!draft.ok || isSending.current) return;
    isSending.current = true;
    const refusal = await sendForm(app, { subject, draft: draft.value, cluster: form.cluster });
    isSending.current = false;
    setFailure(refusal);
  }

  return (
    <Dialog title={titleOf(subject)} onClose={close} {...(isChosen ? { initialFocus: comment } : {})}>
      <form
        ref={whole}
        className={styles.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          drop(send(), 'shows its own failure');
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return;
          const isTyped = event.target instanceof HTMLInputElement;
          if (!(event.ctrlKey || event.metaKey) && !isTyped) return;
          // Enter in a field is no decision to silence anything.
          event.preventDefault();
          if (event.ctrlKey || event.metaKey) drop(send(), 'shows its own failure');
        }}
      >
        <div className={styles.fields}>
          <KeptNote />
          <ChangedNote subject={subject} edited={edited} />
          <ClusterField
            cluster={form.cluster}
            isFixed={subject.kind === 'edit'}
            onCluster={(cluster) => set({ cluster })}
          />
          <MatchersRow form={form} problems={problems} onForm={set} />
          <StartRow form={form} problem={problems.get('start')} edited={edited} onForm={set} />
          <Row label="Ends">
            <EndChoices
              label="Ends"
              end={form.end}
              problem={problems.get('end')}
              onEnd={(end) => set({ end })}
            />
            <EndWords form={form} edited={edited} />
            <label className={styles.check}>
              <input
                type="checkbox"
                checked={form.endsByItself}
                onChange={(event) => set({ endsByItself: event.target.checked })}
              />
              End by itself when nothing has matched for {quietWords(form.quietMs)}
            </label>
          </Row>
          <CommentRow field={comment} form={form} problem={problems.get('comment')} onForm={set} />
          <Row label="By">
            <span className={styles.by}>{operator === '' ? 'you' : plainText(operator, 80)}</span>
          </Row>
          <Preview form={form} />
        </div>
        {failure === null ? null : (
          <p className={styles.failure} role="alert">
            {plainText(failure.message, 400)}. {plainText(failure.nextStep, 400)}
          </p>
        )}
        <p className={styles.buttons}>
          <Button type="submit" chord="Mod+Enter" due>
            {subject.kind === 'edit' ? 'Change' : 'Silence'}
          </Button>
          <Button chord="Escape" onClick={close}>
            Back
          </Button>
          <span className={styles.support}>waits 10 s before it goes out</span>
        </p>
      </form>
    </Dialog>
  );
}

function titleOf(subject: FormSubject): string {
  if (subject.kind === 'edit') return 'Change the silence';
  if (subject.kind === 'copy') return 'Silence once more';
  const count = subject.incidentIds.length;
  if (count === 0) return 'New silence';
  return count === 1 ? `Silence INC-${subject.incidentIds[0]}` : `Silence ${count} incidents`;
}

/** The silence that is changed, as it is known now. */
function useEdited(subject: FormSubject): Silence | undefined {
  return useLive((state) =>
    subject.kind === 'edit' ? state.silences?.find(({ key }) => key === subject.key) : undefined,
  );
}

function KeptNote() {
  const app = useApp();
  const isKept = useSilences((state) => state.isKept);
  if (!isKept) return null;
  return (
    <p className={styles.note}>
      This is what you typed before; it was not sent.{' '}
      <Button onClick={() => startOver(app)}>Start over</Button>
    </p>
  );
}

/** Somebody else changed or ended it while it was being edited. */
function ChangedNote({
  subject,
  edited,
}: {
  readonly subject: FormSubject;
  readonly edited: Silence | undefined;
}) {
  if (subject.kind !== 'edit') return null;
  if (edited === undefined) return <p className={styles.note}>This silence is no longer there.</p>;
  if (edited.state === 'expired') {
    return <p className={styles.note}>This silence has ended meanwhile: sending makes another one of it.</p>;
  }
  if (edited.updatedAtMs === subject.seenUpdatedAtMs) return null;
  return (
    <p className={styles.note}>
      {plainText(edited.createdBy, 60)} changed it at {formatDateTime(edited.updatedAtMs)}, while you have it
      open: it now ends {formatDateTime(edited.endsAtMs)}, “{plainText(edited.comment, 120)}”. Sending
      replaces that.
    </p>
  );
}

function Preview({ form }: { readonly form: Form }) {
  const preview = useSilences((state) => state.preview);
  const { unseen, blind } = useClusterSight(form.cluster);
  return (
    <Row label="Preview">
      <PreviewNote
        preview={preview}
        isUnasked={previewedMatchers(form) === undefined}
        unseen={unseen}
        blind={blind}
      />
    </Row>
  );
}
