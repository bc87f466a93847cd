import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { queryInstant, queryRange } from '#shared/promql/engine.ts';
import type { QueryOptions } from '#shared/promql/evaluate/options.ts';
import { dataEndMs, makeData, sourceOf } from '../differential/data.ts';
import { Dice } from '../differential/dice.ts';
import { QueryMaker } from '../differential/queries.ts';

/**
 * Queries made to hurt, through parser and evaluator: nothing is thrown, nothing runs past its deadline, and
 * every error has a kind. OPSSIGHT_SEED chooses other ones.
 */
const isFull = process.env['OPSSIGHT_FULL'] !== undefined;
const count = isFull ? 100_000 : 3_000;
const seed = Number(process.env['OPSSIGHT_SEED'] ?? 5);
const deadlineMs = 250;
/** Beyond the deadline: one piece of work between two looks at the clock, on a machine that does much else. */
const graceMs = 750;

const pieces = [
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
  ',',
  '"',
  "'",
  '`',
  ':',
  '@',
  '-',
  '+',
  '^',
  '%',
  '==',
  '=~',
  '!~',
  ' ',
  '#',
  '\\',
  ' by ',
  ' on() ',
  ' group_left ',
  ' offset ',
  ' bool ',
  ' and ',
  ' or ',
  'start()',
  '5m',
  '1y',
  '100y',
  '1ms',
  '0',
  '1e308',
  '0x',
  'NaN',
  'Inf',
  '9223372036854775808',
  '\u0000',
  '\ud800',
  '💥',
  'é',
  '__name__',
  'rate(',
  'sum(',
  'max_over_time(',
  '[5m:1s]',
  '[1y:1ms]',
  '{__name__=~".+"}',
  '{__name__=~"(((a*)*)*)*b"}',
  'step()',
  'info(',
] as const;

/** Ways to spoil a text, each applied at a random place. */
function spoiled(text: string, other: string, dice: Dice): string {
  const at = dice.between(0, text.length);
  const to = dice.between(at, Math.min(text.length, at + 12));
  switch (dice.between(0, 6)) {
    case 0:
      return text.slice(0, at) + text.slice(to);
    case 1:
      return text.slice(0, at) + dice.of(pieces) + text.slice(to);
    case 2:
      return text.slice(0, at) + dice.of(pieces) + text.slice(at);
    case 3:
      return text.slice(0, at) + other.slice(dice.between(0, other.length));
    case 4:
      return text.slice(0, to) + text.slice(at, to).repeat(dice.between(1, 40)) + text.slice(to);
    case 5:
      return `${dice.of(pieces).repeat(dice.between(1, 300))}${text}`;
    default:
      return `${text} ${dice.of(['+', 'and', '/ on()', '> bool', 'or'])} ${other}`;
  }
}

function corpus(dice: Dice): string[] {
  const maker = new QueryMaker(dice, 'v3');
  const made = Array.from({ length: 300 }, () => maker.instant().text);
  const folder = join(import.meta.dirname, '../../../shared/fixtures/promqltest');
  let files: string[] = [];
  try {
    files = readdirSync(folder);
  } catch {
    // Without the fixtures the queries made here are mutated alone.
  }
  const found = files.flatMap((file) =>
    [...readFileSync(join(folder, file), 'utf8').matchAll(/^eval\S* instant at \S+ (.+)$/gm)].map(
      ([, query = '']) => query,
    ),
  );
  return [...made, ...found];
}

/** How long this thread has run: what it waits for a core while others run is no fault of the engine's. */
function ranMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

test(
  `${count} spoiled queries are answered or refused in time`,
  { timeout: isFull ? 3_600_000 : 60_000 },
  () => {
    const dice = new Dice(seed);
    const queries = corpus(dice);
    const source = sourceOf(makeData(seed));
    const kinds = new Map<string, number>();
    for (let index = 0; index < count; index++) {
      let query = dice.of(['', ...queries]);
      for (let round = dice.between(1, 4); round > 0; round--)
        query = spoiled(query, dice.of(['', ...queries]), dice);
      const startedAtMs = ranMs();
      const options: Partial<QueryOptions> = {
        semantics: dice.of(['v2', 'v3']),
        maxSamples: 2_000_000,
        nowMs: ranMs,
        deadlineMs: startedAtMs + deadlineMs,
      };
      const range = { startMs: dataEndMs - 3_600_000, endMs: dataEndMs, stepMs: dice.of([1_000, 60_000]) };
      const outcome = dice.chance(0.5)
        ? queryInstant(source, query, dataEndMs, options)
        : queryRange(source, query, range, options);
      const elapsedMs = ranMs() - startedAtMs;
      expect(elapsedMs, `query ${index} of seed ${seed}: ${query.slice(0, 2_000)}`).toBeLessThan(
        deadlineMs + graceMs,
      );
      const kind = outcome.ok ? 'answered' : outcome.failure.kind;
      if (!outcome.ok) expect(outcome.failure.message).not.toBe('');
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    }
    if (isFull) console.info(JSON.stringify(Object.fromEntries(kinds)));
    // Spoiled beyond recognition, none would reach the evaluator.
    expect(kinds.get('answered') ?? 0).toBeGreaterThan(count / 50);
  },
);
