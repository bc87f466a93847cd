import type { CommandFailure } from '#shared/failure.ts';
import { labelOf, type Labels } from '#shared/model/labels.ts';
import type { OutboxEntry, Silence, SilenceDraft, SilenceMatcher } from '#shared/model/silence.ts';
import { drop } from '#shared/result.ts';
import { counted } from '#shared/text.ts';
import { shownRow } from '../../actions/incidents.ts';
import { tell, tellFailure } from '../../actions/toasts.ts';
import { closeOverlay } from '../../actions/view.ts';
import type { App } from '../../app.ts';
import { followSilences } from '../../bridge/silence-feed.ts';
import type { EndChoice, FormSubject, SilenceForm } from '../../stores/silences.ts';
import { clusterFor, knownClusters, unseenOf } from './clusters.ts';
import { textOfMatcher } from './matcher-text.ts';
import { emptyForm, formOf, isSameSubject } from './silence-form-model.ts';
import { endOf } from './silence-times.ts';

/** What a person does about silences. Everything that is sent waits in the outbox first, and can be taken back. */

const told = 'tells its own failure';

/** Begins the form that was asked for, with what was typed into it where it is about the same. */
export function beginForm(app: App, asked: FormSubject | null): void {
  const { asked: stillAsked, subject, form } = app.silences.getState();
  if (asked === null || asked !== stillAsked) return;
  followSilences(app.live, app.core);
  if (form !== null && isSameSubject(subject, asked)) app.silences.setState({ asked: null, isKept: true });
  else begin(app, asked);
}

export function startOver(app: App): void {
  const { subject } = app.silences.getState();
  if (subject !== null) begin(app, subject);
}

function begin(app: App, subject: FormSubject): void {
  const form = firstForm(app, subject);
  const choosesMatchers = subject.kind === 'new' && subject.incidentIds.length > 0;
  app.silences.setState({
    asked: null,
    subject,
    form,
    isKept: false,
    isChoosing: choosesMatchers,
    preview: null,
  });
  if (choosesMatchers) drop(suggest(app, subject.incidentIds, form), told);
}

function firstForm(app: App, subject: FormSubject): SilenceForm {
  const { live } = app;
  const { sources, silences, outbox } = live.getState();
  const clusters = knownClusters(sources ?? [], silences ?? [], outbox ?? []);
  if (subject.kind === 'new') {
    const rows = subject.incidentIds.flatMap((id) => shownRow(app, id) ?? []);
    return emptyForm(
      clusterFor(
        clusters,
        rows.flatMap((row) => row.sources),
      ),
    );
  }
  const silence = silences?.find(({ key }) => key === subject.key);
  return silence === undefined ? emptyForm(clusterFor(clusters, [])) : formOf(silence, subject);
}

/** Fills the matchers in, unless something was typed over them meanwhile. */
async function suggest(app: App, incidentIds: readonly number[], before: SilenceForm): Promise<void> {
  const answer = await app.core.call('silence.suggest', { incidentIds: [...incidentIds] });
  const { form, subject } = app.silences.getState();
  if (subject?.kind !== 'new' || subject.incidentIds.join() !== incidentIds.join() || form === null) return;
  app.silences.setState({ isChoosing: false });
  const isUntouched = form.matchers === before.matchers && form.added === '';
  if (!isUntouched) return;
  const matchers = answer.ok ? answer.value.matchers : fallback(app, incidentIds);
  app.silences.setState({ form: { ...form, matchers: matchers.map(textOfMatcher) } });
  if (!answer.ok) tellFailure(app, 'choose the matchers, which are the group’s own now', answer.failure);
}

const groupLabels = ['alertname', 'service'] as const;

/** Without the core: what every alert of these incidents has in common and is grouped by. */
function fallback(app: App, incidentIds: readonly number[]): readonly SilenceMatcher[] {
  const sets = incidentIds.map((id): Labels => shownRow(app, id)?.labels ?? {});
  return groupLabels.flatMap((name) => {
    const values = new Set(sets.map((set) => labelOf(set, name)));
    const [value = ''] = values;
    return values.size === 1 && value !== '' ? [{ name, value, isRegex: false, isEqual: true }] : [];
  });
}

/** Closes the form; what was typed stays in this window. */
export function leaveForm(app: App): void {
  closeOverlay(app);
  const { subject, form } = app.silences.getState();
  if (subject === null || form === null) return;
  const { matchers: _matchers, ...untouched } = firstForm(app, subject);
  const { matchers: _typed, ...typed } = form;
  const isTyped = JSON.stringify(typed) !== JSON.stringify(untouched);
  if (isTyped) {
    const text = 'Not sent. What you typed is there when you open the form again.';
    tell(app, { tone: 'plain', text, undo: null });
  } else {
    app.silences.setState({ subject: null, form: null });
  }
}

interface SentForm {
  readonly subject: FormSubject;
  readonly draft: SilenceDraft;
  readonly cluster: string;
}

/** @returns why the core refuses it, or null; then the form is closed. */
export async function sendForm(
  app: App,
  { subject, draft, cluster }: SentForm,
): Promise<CommandFailure | null> {
  const replaces = subject.kind === 'edit' ? subject.key : null;
  const incidentIds = subject.kind === 'new' ? [...subject.incidentIds] : [];
  const answer = await app.core.call('silence.save', { draft, cluster, replaces, incidentIds });
  if (!answer.ok) return answer.failure;
  const { outboxId } = answer.value;
  if (incidentIds.length > 0) {
    app.silences.setState(({ madeFor }) => ({ madeFor: new Map(madeFor).set(outboxId, incidentIds) }));
  }
  app.silences.setState({ subject: null, form: null, isKept: false });
  // As after every verdict on them.
  if (incidentIds.length > 0) app.session.setState({ marked: new Set(), markAnchor: null });
  closeOverlay(app);
  tellHeld(app, subject.kind === 'edit' ? 'The change' : 'The silence', [outboxId], cluster);
  return null;
}

function tellHeld(app: App, what: string, entryIds: readonly string[], cluster: string): void {
  const { console, sources, silences, outbox } = app.live.getState();
  const undo = { kind: 'withdraw', entryIds } as const;
  if (console?.safeMode === true) {
    const waits = `${what} waits in the outbox: in safe mode nothing is sent`;
    return tell(app, { tone: 'plain', text: waits, undo });
  }
  const clusters = knownClusters(sources ?? [], silences ?? [], outbox ?? []);
  const target = clusters.find(({ name }) => name === cluster);
  const isAway = target !== undefined && unseenOf(target).length === target.sources.length;
  const text = isAway
    ? `${what} waits in the outbox until ${target.sources.map(({ name }) => name).join(' or ')} answers`
    : `${what} waits 10 s before it goes out`;
  tell(app, { tone: 'plain', text, undo });
}

/** Puts the end of each off, counted from where it is now. */
export async function extend(app: App, silences: readonly Silence[], choice: EndChoice): Promise<void> {
  const nowMs = Date.now();
  const entryIds: string[] = [];
  for (const silence of silences) {
    const end = endOf(choice, Math.max(silence.endsAtMs, nowMs), nowMs);
    if (!end.ok) continue;
    const { matchers, startsAtMs, comment, cluster, key, endsAfterQuietMs } = silence;
    const draft = { matchers, startsAtMs, endsAtMs: end.value, comment, endsAfterQuietMs };
    const request = { draft, cluster, replaces: key, incidentIds: [] };
    const answer = await app.core.call('silence.save', request);
    if (!answer.ok) return tellFailure(app, 'extend the silence', answer.failure);
    entryIds.push(answer.value.outboxId);
  }
  app.silences.setState({ marked: new Set() });
  const what = entryIds.length === 1 ? 'The new end' : `${entryIds.length} new ends`;
  tellHeld(app, what, entryIds, silences[0]?.cluster ?? '');
}

export async function expire(app: App, silences: readonly Silence[]): Promise<void> {
  const answer = await app.core.call('silence.expire', { keys: silences.map(({ key }) => key) });
  if (!answer.ok) return tellFailure(app, `expire ${counted(silences.length, 'silence')}`, answer.failure);
  const { outboxIds, refused } = answer.value;
  app.silences.setState({ marked: new Set(refused.map(({ key }) => key)) });
  const [first] = refused;
  if (first !== undefined) {
    const text = `${counted(refused.length, 'silence')} could not be ended: ${first.reason}`;
    return tell(app, { tone: 'failure', text, undo: null });
  }
  const what = silences.length === 1 ? 'The end of the silence' : `The end of ${silences.length} silences`;
  tellHeld(app, what, outboxIds, silences[0]?.cluster ?? '');
}

export async function retryEntry(app: App, id: string): Promise<void> {
  const answer = await app.core.call('outbox.retry', { id });
  if (answer.ok) tell(app, { tone: 'plain', text: 'It is tried again now', undo: null });
  else tellFailure(app, 'try it again', answer.failure);
}

export async function settleEntry(
  app: App,
  { id, isDisplaced }: Pick<OutboxEntry, 'id' | 'isDisplaced'>,
  choice: 'mine' | 'theirs',
): Promise<void> {
  const answer = await app.core.call('outbox.settle', { id, choice });
  const [mine, theirs] = isDisplaced
    ? ['It goes to the server that is asked now', 'It is put away']
    : ['Yours goes out instead of theirs', 'Theirs stays, yours is put away'];
  const text = choice === 'mine' ? mine : theirs;
  if (answer.ok) tell(app, { tone: 'plain', text, undo: null });
  else tellFailure(app, 'settle it', answer.failure);
}
