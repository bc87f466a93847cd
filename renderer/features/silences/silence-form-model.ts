import type { Silence, SilenceDraft, SilenceMatcher } from '#shared/model/silence.ts';
import { failed, success, type Result } from '#shared/result.ts';
import { hourMs, minuteMs } from '#shared/time.ts';
import type { FormSubject, SilenceForm } from '../../stores/silences.ts';
import { matcherOfText, matchersOfText, matchesAnything, textOfMatcher } from './matcher-text.ts';
import { endOf, startOf, typedMoment } from './silence-times.ts';

/** What is typed into the form of a silence: how it begins, and what is wrong with it. Pure. */

/** How long nothing has to match before a silence ends by itself, unless something else was chosen. */
export const quietMs = 30 * minuteMs;

export function emptyForm(cluster: string, matchers: readonly SilenceMatcher[] = []): SilenceForm {
  return {
    matchers: matchers.map(textOfMatcher),
    added: '',
    cluster,
    startText: null,
    end: { kind: 'span', ms: hourMs },
    comment: '',
    endsByItself: false,
    quietMs,
  };
}

/** The form of a silence as it is: to be changed, or sent once more where it is over. */
export function formOf(silence: Silence, subject: FormSubject): SilenceForm {
  const form = {
    ...emptyForm(silence.cluster, silence.matchers),
    comment: silence.comment,
    endsByItself: silence.care === 'self-ending',
    quietMs: silence.endsAfterQuietMs ?? quietMs,
  };
  if (subject.kind !== 'edit') return form;
  return {
    ...form,
    startText: silence.state === 'pending' ? typedMoment(silence.startsAtMs) : null,
    end: { kind: 'typed', text: typedMoment(silence.endsAtMs) },
  };
}

/** Where in the form something is wrong; a matcher by its place in the list. */
export type FormField = 'matchers' | 'added' | 'start' | 'end' | 'comment' | `matcher-${number}`;
export type FormProblems = ReadonlyMap<FormField, string>;

interface FormContext {
  /** The silence that is edited. */
  readonly edited: Silence | undefined;
  readonly nowMs: number;
}

/** @returns what is to be sent, or what is wrong in each field. */
export function draftOf(form: SilenceForm, context: FormContext): Result<SilenceDraft, FormProblems> {
  const problems = new Map<FormField, string>();
  const matchers = readTokens(form, problems);
  const times = timesOf(form, context, problems);
  const comment = form.comment.trim();
  if (comment === '') problems.set('comment', 'Say why: whoever finds this silence will want to know.');
  if (problems.size > 0) return failed(problems);
  return success({
    matchers: [...matchers],
    ...times,
    comment,
    endsAfterQuietMs: form.endsByItself ? form.quietMs : null,
  });
}

/** What of the form can be previewed; undefined while a matcher is wrong or there is none. */
export function previewedMatchers(form: SilenceForm): readonly SilenceMatcher[] | undefined {
  const problems = new Map<FormField, string>();
  const matchers = readTokens(form, problems);
  return problems.size === 0 ? matchers : undefined;
}

function readTokens(form: SilenceForm, problems: Map<FormField, string>): readonly SilenceMatcher[] {
  const matchers: SilenceMatcher[] = [];
  for (const [index, text] of form.matchers.entries()) {
    const matcher = matcherOfText(text);
    if (matcher.ok) matchers.push(matcher.value);
    else problems.set(`matcher-${index}`, sentence(matcher.failure));
  }
  if (form.added.trim() !== '') {
    const added = matchersOfText(form.added);
    if (added.ok) matchers.push(...added.value);
    else problems.set('added', sentence(added.failure));
  }
  if (problems.size > 0) return matchers;
  if (matchers.length === 0) problems.set('matchers', 'Name at least one label: label="value".');
  else if (matchesAnything(matchers)) {
    problems.set('matchers', 'These match alerts that have none of the labels: name one that must be there.');
  } else if (matchers.length > mostMatchers) {
    problems.set('matchers', `At most ${mostMatchers} matchers.`);
  }
  return matchers;
}

const mostMatchers = 100;

/** The times that make sense; what does not is said at its field. */
export function timesOf(
  form: Pick<SilenceForm, 'startText' | 'end'>,
  { edited, nowMs }: FormContext,
  problems: Map<FormField, string> = new Map(),
): { readonly startsAtMs: number; readonly endsAtMs: number } {
  // A server makes another silence of one whose start moves: the start of one that is active stays to the letter.
  const fixedMs = edited?.state === 'active' ? edited.startsAtMs : undefined;
  const isUntouched = edited?.state === 'pending' && form.startText === typedMoment(edited.startsAtMs);
  const start =
    fixedMs === undefined && form.startText !== null && !isUntouched
      ? startOf(form.startText, nowMs)
      : success(fixedMs ?? (isUntouched ? edited.startsAtMs : nowMs));
  if (!start.ok) problems.set('start', start.failure);
  const startsAtMs = start.ok ? start.value : nowMs;
  const isEndUntouched =
    edited !== undefined && form.end.kind === 'typed' && form.end.text === typedMoment(edited.endsAtMs);
  const end =
    isEndUntouched && edited.endsAtMs > nowMs ? success(edited.endsAtMs) : endOf(form.end, startsAtMs, nowMs);
  if (!end.ok) problems.set('end', end.failure);
  return { startsAtMs, endsAtMs: end.ok ? end.value : startsAtMs };
}

/** Splits what was pasted or typed into tokens; undefined where it is no list of matchers yet. */
export function tokensOf(text: string): readonly string[] | undefined {
  const read = matchersOfText(text);
  return read.ok && read.value.length > 0 ? read.value.map(textOfMatcher) : undefined;
}

export function isSameSubject(left: FormSubject | null, right: FormSubject): boolean {
  if (left === null || left.kind !== right.kind) return false;
  if (left.kind === 'new' && right.kind === 'new') {
    return left.incidentIds.join() === right.incidentIds.join();
  }
  return left.kind !== 'new' && right.kind !== 'new' && left.key === right.key;
}

function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
}
