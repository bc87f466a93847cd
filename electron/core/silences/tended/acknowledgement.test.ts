import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Labels } from '#shared/model/labels.ts';
import type { Silence, SilenceMatcher } from '#shared/model/silence.ts';
import { compileSilence } from '#shared/silences/compile-silence.ts';
import { exactMatchers } from '#shared/silences/exact-matchers.ts';
import { minuteMs, secondMs } from '#shared/time.ts';
import {
  decideAcknowledgement,
  type Acknowledgement,
  type AcknowledgementAction,
  type HeldSilence,
  type UnderwayChange,
} from './acknowledgement.ts';

const lengthMs = 15 * minuteMs;
const disk = { alertname: 'Disk', instance: 'a' };
const other = { alertname: 'Disk', instance: 'b' };

function told(id: string, matchers: readonly SilenceMatcher[], part: Partial<Silence> = {}): HeldSilence {
  const silence: Silence = {
    key: `eu/${id}`,
    id,
    cluster: 'eu',
    sources: ['eu'],
    missingFrom: [],
    state: 'active',
    matchers: [...matchers],
    createdBy: 'a.okafor',
    comment: 'x',
    startsAtMs: 0,
    endsAtMs: lengthMs,
    updatedAtMs: 0,
    care: 'acknowledgement',
    endsAfterQuietMs: null,
    silencedCount: 1,
    heardAtMs: 0,
    ...part,
  };
  return { id, told: silence, isNone: false };
}

function matchersOf(own: readonly Labels[], others: readonly Labels[] = []): readonly SilenceMatcher[] {
  return exactMatchers(own, others).sets[0] ?? [];
}

function decide(part: Partial<Acknowledgement>, nowMs = 0): readonly AcknowledgementAction[] {
  return decideAcknowledgement(
    { isHeld: true, own: [disk], others: [], silences: [], underway: [], ...part },
    { nowMs, serverNowMs: nowMs, lengthMs },
  );
}

function underway(part: Partial<UnderwayChange> = {}): UnderwayChange {
  return { entryId: 'e', isOwn: true, kind: 'create', state: 'waiting', ...part };
}

describe('while it is acknowledged', () => {
  const held = told('s', matchersOf([disk]));

  test('a silence is placed, once', () => {
    expect(decide({})).toEqual([{ kind: 'create', matchers: matchersOf([disk]) }]);
    expect(decide({ underway: [underway()] })).toEqual([]);
    expect(decide({ silences: [{ ...held, told: null }] })).toEqual([]);
    expect(decide({ silences: [held] })).toEqual([]);
  });

  test('it is renewed at half of its life, and not before', () => {
    expect(decide({ silences: [held] }, lengthMs / 2 - 1)).toEqual([]);
    expect(decide({ silences: [held] }, lengthMs / 2)).toEqual([{ kind: 'renew', silence: held.told }]);
  });

  test('an alert that joins is quiet too, and what it replaces ends when it is there', () => {
    const both = matchersOf([disk, other]);
    expect(decide({ own: [disk, other], silences: [held] })).toEqual([{ kind: 'create', matchers: both }]);
    const wider = told('t', both);
    const own = [disk, other];
    expect(decide({ own, silences: [held, wider] })).toEqual([]);
    expect(decide({ own, silences: [held, wider] }, lengthMs / 2)).toEqual([
      { kind: 'renew', silence: wider.told },
      { kind: 'expire', silence: held.told },
    ]);
  });

  test('one of another incident is never hidden', () => {
    const wide = told('s', [{ name: 'alertname', value: 'Disk', isRegex: false, isEqual: true }]);
    expect(decide({ silences: [wide], others: [other] })).toEqual([
      { kind: 'create', matchers: matchersOf([disk], [other]) },
    ]);
    expect(decide({ silences: [wide, held], others: [other] })).toEqual([
      { kind: 'expire', silence: wide.told },
    ]);
  });

  test('one that ran out while the machine slept is placed again', () => {
    const slept = told('s', matchersOf([disk]), { state: 'expired' });
    expect(decide({ silences: [slept] }, 2 * lengthMs)).toEqual([{ kind: 'forget', id: 's' }]);
    expect(decide({}, 2 * lengthMs)).toMatchObject([{ kind: 'create' }]);
  });

  test('one that a person ended is let go', () => {
    const ended = told('s', matchersOf([disk]), { state: 'expired', endsAtMs: 5_000, updatedAtMs: 5_000 });
    expect(decide({ silences: [ended] })).toEqual([{ kind: 'let-go', id: 's' }]);
  });

  test('what somebody else changed meanwhile holds; what a person asked for is waited for', () => {
    expect(decide({ silences: [held], underway: [underway({ kind: 'edit', state: 'conflict' })] })).toEqual([
      { kind: 'yield', entryId: 'e' },
    ]);
    expect(decide({ underway: [underway({ isOwn: false, state: 'conflict' })] })).toEqual([]);
  });

  test('one that is nowhere is forgotten; one that nobody tells of yet is not', () => {
    const untold = { ...held, told: null };
    for (const isHeld of [true, false]) {
      expect(decide({ isHeld, silences: [untold] }, 2 * lengthMs)).toEqual([]);
      const forgotten = [{ kind: 'forget', id: 's' }];
      expect(decide({ isHeld, silences: [{ ...untold, isNone: true }] })).toEqual(forgotten);
    }
  });
});

describe('when it is released or over', () => {
  const held = told('s', matchersOf([disk]));

  test('its silence ends at once', () => {
    expect(decide({ isHeld: false, silences: [held] })).toEqual([{ kind: 'expire', silence: held.told }]);
    expect(decide({ isHeld: false, silences: [held], underway: [underway({ kind: 'expire' })] })).toEqual([]);
  });

  test('what has not left is withdrawn first; what is being sent is waited for', () => {
    expect(decide({ isHeld: false, underway: [underway()] })).toEqual([{ kind: 'withdraw', entryId: 'e' }]);
    expect(decide({ isHeld: false, underway: [underway({ state: 'sending' })] })).toEqual([]);
  });

  test('what has ended is forgotten', () => {
    const over = told('s', matchersOf([disk]), { state: 'expired' });
    expect(decide({ isHeld: false, silences: [over] })).toEqual([{ kind: 'forget', id: 's' }]);
  });
});

/** A server and a console that follows the decisions, while alerts come and go, people decide and machines sleep. */
describe('over any story', () => {
  const alerts = ['1', '2', '3'].flatMap((instance) =>
    ['x', 'y'].map((device) => ({ alertname: 'Disk', instance, device })),
  );
  const step = fc.record({
    passMs: fc.constantFrom(secondMs, minuteMs, 4 * minuteMs),
    sleepMs: fc.oneof(
      { weight: 8, arbitrary: fc.constant(0) },
      { weight: 1, arbitrary: fc.constant(40 * minuteMs) },
    ),
    own: fc.uniqueArray(fc.nat(5), { maxLength: 6 }),
    isHeld: fc.oneof({ weight: 5, arbitrary: fc.constant(true) }, fc.constant(false)),
  });

  test('what is acknowledged is quiet, nothing else ever is for long, and all ends by itself', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 12 }), (story) => {
        const world = new World();
        for (const { passMs, sleepMs, own, isHeld } of story) {
          world.pass(sleepMs + passMs);
          world.settle(
            isHeld,
            own.map((index) => alerts[index] ?? disk),
            alerts.filter((_labels, index) => !own.includes(index)),
          );
        }
        world.pass(lengthMs + 1);
        expect(world.active()).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  class World {
    #nowMs = 0;
    #count = 0;
    #silences: { held: HeldSilence; matchers: readonly SilenceMatcher[] }[] = [];

    pass(ms: number): void {
      this.#nowMs += ms;
      for (const one of this.#silences) {
        const { told: silence } = one.held;
        if (silence !== null && silence.endsAtMs <= this.#nowMs) this.#put(silence, { state: 'expired' });
      }
    }

    active(): readonly Silence[] {
      return this.#silences.flatMap(({ held }) => (held.told?.state === 'active' ? [held.told] : []));
    }

    /** Looks until there is nothing to do, and checks what is in force then. */
    settle(isHeld: boolean, own: readonly Labels[], others: readonly Labels[]): void {
      for (let round = 0; ; round++) {
        if (round > 10) throw new Error('it never comes to rest');
        const silences = this.#silences.map(({ held }) => held);
        const clock = { nowMs: this.#nowMs, serverNowMs: this.#nowMs, lengthMs };
        const actions = decideAcknowledgement({ isHeld, own, others, silences, underway: [] }, clock);
        if (actions.length === 0) break;
        for (const action of actions) this.#do(action);
      }
      if (!isHeld) return expect(this.active()).toEqual([]);
      if (own.length === 0) return;
      const compiled = this.active().map(({ matchers }) => compileSilence(matchers));
      const takes = (labels: Labels): boolean => compiled.some((one) => one.ok && one.value.matches(labels));
      expect(own.every(takes)).toBe(true);
      expect(others.some(takes)).toBe(false);
      for (const { endsAtMs } of this.active()) {
        expect(endsAtMs - this.#nowMs).toBeGreaterThan(lengthMs / 2);
        expect(endsAtMs - this.#nowMs).toBeLessThanOrEqual(lengthMs);
      }
    }

    #do(action: AcknowledgementAction): void {
      const times = { updatedAtMs: this.#nowMs, endsAtMs: this.#nowMs + lengthMs };
      if (action.kind === 'create') {
        const made = told(`s${++this.#count}`, action.matchers, { startsAtMs: this.#nowMs, ...times });
        this.#silences.push({ held: made, matchers: action.matchers });
      } else if (action.kind === 'renew') this.#put(action.silence, times);
      else if (action.kind === 'expire')
        this.#silences = this.#silences.filter(({ held }) => held.id !== action.silence.id);
      else if (action.kind === 'forget')
        this.#silences = this.#silences.filter(({ held }) => held.id !== action.id);
      else throw new Error(`nobody gave a reason to ${action.kind}`);
    }

    #put(silence: Silence, change: Partial<Silence>): void {
      this.#silences = this.#silences.map((one) =>
        one.held.id === silence.id ? { ...one, held: { ...one.held, told: { ...silence, ...change } } } : one,
      );
    }
  }
});
