import { randomUUID } from 'node:crypto';
import type { Labels } from '#shared/model/labels.ts';
import { failed, messageOf, success, type Result } from '#shared/result.ts';
import { labelMatcher, matchesAll, type LabelMatcher } from '../label-matcher.ts';

/**
 * The demo Alertmanager's silences, with the real one's rules for editing: a change that keeps the matchers
 * is made in place, any other ends the old silence and begins a new one. Source: alertmanager
 * silence/silence.go, Set and canUpdate.
 */
export interface SilenceMatcher {
  readonly name: string;
  readonly value: string;
  readonly isRegex: boolean;
  readonly isEqual: boolean;
}

export interface SilenceDraft {
  /** Empty for a new one. */
  readonly id: string;
  readonly matchers: readonly SilenceMatcher[];
  readonly startsAtMs: number;
  readonly endsAtMs: number;
  readonly createdBy: string;
  readonly comment: string;
}

export interface Silence extends SilenceDraft {
  readonly updatedAtMs: number;
  readonly compiled: readonly LabelMatcher[];
}

export type SilenceState = 'active' | 'pending' | 'expired';

const retentionMs = 120 * 3_600_000;
const mostSilences = 1_000;

export function stateOf({ startsAtMs, endsAtMs }: SilenceDraft, nowMs: number): SilenceState {
  if (nowMs < startsAtMs) return 'pending';
  return nowMs < endsAtMs ? 'active' : 'expired';
}

export class SilenceBook {
  readonly #silences = new Map<string, Silence>();

  get(id: string): Silence | undefined {
    return this.#silences.get(id);
  }

  /** Active ones first, the next to end first; then pending, the next to start; then the latest expired. */
  list(nowMs: number): readonly Silence[] {
    const order = { active: 0, pending: 1, expired: 2 } as const;
    const rank = (silence: Silence): number => order[stateOf(silence, nowMs)];
    const due = (silence: Silence): number => {
      const state = stateOf(silence, nowMs);
      if (state === 'pending') return silence.startsAtMs;
      return state === 'active' ? silence.endsAtMs : -silence.endsAtMs;
    };
    return [...this.#silences.values()].sort(
      (left, right) => rank(left) - rank(right) || due(left) - due(right),
    );
  }

  /** The ids of the active silences that match an alert. */
  matching(labels: Labels, nowMs: number): readonly string[] {
    return [...this.#silences.values()]
      .filter((silence) => stateOf(silence, nowMs) === 'active' && matchesAll(silence.compiled, labels))
      .map(({ id }) => id)
      .sort();
  }

  /** @returns the id of the silence that is in force then: the given one, or a new one. */
  set(draft: SilenceDraft, nowMs: number, newId: string = randomUUID()): Result<string, SilenceRefusal> {
    this.#forgetOld(nowMs);
    const compiled = compile(draft.matchers);
    if (!compiled.ok) return failed({ status: 400, message: compiled.failure });
    const before = this.#silences.get(draft.id);
    if (draft.id !== '' && before === undefined) return failed({ status: 404, message: 'silence not found' });
    if (before !== undefined && canUpdate(before, draft, nowMs)) {
      this.#silences.set(draft.id, { ...draft, compiled: compiled.value, updatedAtMs: nowMs });
      return success(draft.id);
    }
    if (this.#silences.size >= mostSilences) {
      const message = `exceeded maximum number of silences: ${this.#silences.size} (limit: ${mostSilences})`;
      return failed({ status: 400, message });
    }
    if (before !== undefined) this.expire(before.id, nowMs);
    const startsAtMs = Math.max(draft.startsAtMs, nowMs);
    this.#silences.set(newId, {
      ...draft,
      id: newId,
      startsAtMs,
      compiled: compiled.value,
      updatedAtMs: nowMs,
    });
    return success(newId);
  }

  /** @returns whether there is such a silence. Ending one that has ended changes nothing. */
  expire(id: string, nowMs: number): boolean {
    const silence = this.#silences.get(id);
    if (silence === undefined) return false;
    const state = stateOf(silence, nowMs);
    if (state === 'expired') return true;
    const startsAtMs = state === 'pending' ? nowMs : silence.startsAtMs;
    this.#silences.set(id, { ...silence, startsAtMs, endsAtMs: nowMs, updatedAtMs: nowMs });
    return true;
  }

  #forgetOld(nowMs: number): void {
    for (const [id, { endsAtMs }] of this.#silences)
      if (endsAtMs + retentionMs < nowMs) this.#silences.delete(id);
  }
}

export interface SilenceRefusal {
  readonly status: 400 | 404;
  readonly message: string;
}

function canUpdate(before: Silence, draft: SilenceDraft, nowMs: number): boolean {
  const sameMatchers =
    before.matchers.length === draft.matchers.length &&
    before.matchers.every((matcher, index) => sameMatcher(matcher, draft.matchers[index]));
  if (!sameMatchers) return false;
  switch (stateOf(before, nowMs)) {
    case 'active':
      return wholeSeconds(before.startsAtMs) === wholeSeconds(draft.startsAtMs) && draft.endsAtMs >= nowMs;
    case 'pending':
      return draft.startsAtMs >= nowMs;
    case 'expired':
      return false;
  }
}

function sameMatcher(left: SilenceMatcher, right: SilenceMatcher | undefined): boolean {
  return (
    left.name === right?.name &&
    left.value === right.value &&
    left.isRegex === right.isRegex &&
    left.isEqual === right.isEqual
  );
}

function wholeSeconds(atMs: number): number {
  return Math.floor(atMs / 1_000);
}

function compile(matchers: readonly SilenceMatcher[]): Result<readonly LabelMatcher[], string> {
  const compiled: LabelMatcher[] = [];
  for (const [index, { name, value, isRegex, isEqual }] of matchers.entries()) {
    const wrong = `invalid silence: invalid label matcher ${index} in set 0:`;
    if (name === '') return failed(`${wrong} invalid label name ""`);
    try {
      const operator = isRegex ? (isEqual ? '=~' : '!~') : isEqual ? '=' : '!=';
      compiled.push(labelMatcher(name, operator, value));
    } catch (error) {
      return failed(`${wrong} invalid regular expression ${JSON.stringify(value)}: ${messageOf(error)}`);
    }
  }
  // A negative matcher never counts as matching nothing, whatever it says.
  if (compiled.every((matcher) => !matcher.operator.startsWith('!') && matcher.matches(''))) {
    return failed('invalid silence: matcher set 0: at least one matcher must not match the empty string');
  }
  return success(compiled);
}
