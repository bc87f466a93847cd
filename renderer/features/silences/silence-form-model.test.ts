import { describe, expect, it } from 'vitest';
import { hourMs, minuteMs } from '#shared/time.ts';
import { silence } from '#support/silence-models.ts';
import {
  draftOf,
  emptyForm,
  formOf,
  isSameSubject,
  previewedMatchers,
  quietMs,
  tokensOf,
} from './silence-form-model.ts';
import { typedMoment } from './silence-times.ts';

/** The form of a silence: what is sent, and what is wrong where. */

const nowMs = new Date(2026, 10, 21, 22, 15, 30, 250).getTime();
const nothingEdited = { edited: undefined, nowMs };
const backend = { name: 'service', value: 'backend', isRegex: false, isEqual: true };
const good = { ...emptyForm('am', [backend]), comment: 'rolling back' };

describe('a new silence', () => {
  it('is sent as it is typed', () => {
    expect(draftOf({ ...good, comment: ' rolling back ', endsByItself: true }, nothingEdited)).toEqual({
      ok: true,
      value: {
        matchers: [backend],
        startsAtMs: nowMs,
        endsAtMs: nowMs + hourMs,
        comment: 'rolling back',
        endsAfterQuietMs: quietMs,
      },
    });
  });

  it('has its end counted from its start', () => {
    const draft = draftOf({ ...good, startText: '2h', end: { kind: 'typed', text: '30m' } }, nothingEdited);
    expect(draft.ok && draft.value.endsAtMs).toBe(nowMs + 2 * hourMs + 30 * minuteMs);
  });

  it('takes along the matcher that is still being typed', () => {
    const draft = draftOf({ ...good, added: 'pod=~"q2.+"' }, nothingEdited);
    expect(draft.ok && draft.value.matchers.map(({ name }) => name)).toEqual(['service', 'pod']);
  });

  it('says at each field what is wrong there', () => {
    const form = {
      ...good,
      matchers: ['service=', 'pod=~"(?=x)"'],
      added: 'x',
      startText: 'soon',
      comment: ' ',
    };
    const draft = draftOf({ ...form, end: { kind: 'typed', text: 'later' } }, nothingEdited);
    // An empty value is one of the older syntax's.
    expect(!draft.ok && [...draft.failure.keys()]).toEqual(['matcher-1', 'added', 'start', 'end', 'comment']);
  });

  it.each([[[]], [['service!="backend"']], [['service=~".*"']]])(
    'needs a label that must be there: %j',
    (matchers) => {
      const draft = draftOf({ ...good, matchers }, nothingEdited);
      expect(!draft.ok && [...draft.failure.keys()]).toEqual(['matchers']);
      expect(previewedMatchers({ ...good, matchers })).toBeUndefined();
    },
  );
});

describe('a silence that is changed', () => {
  const edit = (part: Parameters<typeof silence>[0]) => {
    const edited = silence({ startsAtMs: nowMs - 10 * minuteMs, endsAtMs: nowMs + hourMs, ...part });
    const subject = { kind: 'edit', key: edited.key, seenUpdatedAtMs: 1 } as const;
    return { edited, form: formOf(edited, subject) };
  };

  it('untouched is what it was, to the millisecond', () => {
    for (const part of [{}, { state: 'pending', startsAtMs: nowMs + 10 * minuteMs } as const]) {
      const { edited, form } = edit(part);
      const draft = draftOf(form, { edited, nowMs });
      expect(draft.ok && draft.value).toMatchObject({
        matchers: edited.matchers,
        startsAtMs: edited.startsAtMs,
        endsAtMs: edited.endsAtMs,
        comment: edited.comment,
      });
    }
  });

  it('keeps the start of one that is active whatever its end becomes', () => {
    const { edited, form } = edit({});
    const draft = draftOf({ ...form, end: { kind: 'span', ms: 4 * hourMs } }, { edited, nowMs });
    expect(draft.ok && draft.value).toMatchObject({
      startsAtMs: edited.startsAtMs,
      endsAtMs: nowMs + 4 * hourMs,
    });
  });

  it('one that ends by itself keeps how long nothing has to match', () => {
    const { edited, form } = edit({ care: 'self-ending', endsAfterQuietMs: 2 * hourMs });
    const draft = draftOf(form, { edited, nowMs });
    expect(draft.ok && draft.value.endsAfterQuietMs).toBe(2 * hourMs);
  });

  it('one that is over is begun anew with its matchers and comment', () => {
    const over = silence({ state: 'expired', care: 'self-ending', endsAfterQuietMs: 2 * hourMs });
    const form = formOf(over, { kind: 'copy', key: over.key });
    const draft = draftOf(form, nothingEdited);
    expect(draft.ok && draft.value).toEqual({
      matchers: over.matchers,
      startsAtMs: nowMs,
      endsAtMs: nowMs + hourMs,
      comment: over.comment,
      endsAfterQuietMs: 2 * hourMs,
    });
  });

  it('an end that is over meanwhile has to be chosen anew', () => {
    const { edited, form } = edit({ endsAtMs: nowMs - 1 });
    expect(form.end).toEqual({ kind: 'typed', text: typedMoment(edited.endsAtMs) });
    const draft = draftOf(form, { edited, nowMs });
    expect(!draft.ok && [...draft.failure.keys()]).toEqual(['end']);
  });
});

it('what is pasted becomes tokens once it is a list', () => {
  expect(tokensOf('{a="b", c!~"d"}')).toEqual(['a="b"', 'c!~"d"']);
  expect(tokensOf('a=~"(b"')).toBeUndefined();
  expect(tokensOf('')).toBeUndefined();
});

it('knows one subject from another', () => {
  expect(isSameSubject({ kind: 'new', incidentIds: [1, 2] }, { kind: 'new', incidentIds: [1, 2] })).toBe(
    true,
  );
  expect(isSameSubject({ kind: 'new', incidentIds: [1] }, { kind: 'new', incidentIds: [1, 2] })).toBe(false);
  expect(isSameSubject({ kind: 'copy', key: 'a/1' }, { kind: 'edit', key: 'a/1', seenUpdatedAtMs: 1 })).toBe(
    false,
  );
  expect(isSameSubject(null, { kind: 'new', incidentIds: [] })).toBe(false);
});
