import { expect, test } from 'vitest';
import { remoteWrite } from '#support/remote-write.ts';
import { startSampleServer } from '#support/sample-server.ts';
import { generations, type Generation } from '../../scripts/provide/servers.ts';
import { generationNames, placeFor } from '../real/generations.ts';
import { inOrderOfTime, makeData, momentsOf, sourceOf } from './data.ts';
import { Dice } from './dice.ts';
import { judge, makeQuestion } from './judge.ts';
import { QueryMaker, type Semantics } from './queries.ts';

/**
 * The engine beside a real Prometheus over the same random samples: random queries of all shapes, no
 * difference beyond 1e-12. OPSSIGHT_SEED chooses another run, which OPSSIGHT_FULL makes the long one.
 */
const isFull = process.env['OPSSIGHT_FULL'] !== undefined;
const seed = Number(process.env['OPSSIGHT_SEED'] ?? 20_261_121);
const queryCount = Number(process.env['OPSSIGHT_QUERIES'] ?? (isFull ? 10_000 : 300));
const shownDifferences = 10;

const semanticsOf: Readonly<Record<Generation, Semantics>> = { old: 'v2', new: 'v3' };
/** So that the newer server knows what is an experiment there. */
const featureFlags: Readonly<Record<Generation, readonly string[]>> = {
  old: [],
  new: ['--enable-feature=promql-experimental-functions,promql-duration-expr'],
};

test.for(generations.map((generation) => ({ generation, name: generationNames[generation] })))(
  'random queries answer as $name does',
  { timeout: isFull ? 1_800_000 : 120_000 },
  async ({ generation }, context) => {
    const place = await placeFor(generation, context);
    const semantics = semanticsOf[generation];
    const server = await startSampleServer(place, { extraArguments: featureFlags[generation] });
    const data = makeData(seed);
    await remoteWrite(server.url, inOrderOfTime(data));
    const source = sourceOf(data, semantics);
    const dice = new Dice(seed + 1);
    const maker = new QueryMaker(dice, semantics, {
      momentsMs: momentsOf(data, dice),
      experimental: generation === 'new',
    });
    const differences: string[] = [];
    const outcomes = { error: 0, empty: 0, values: 0, unsettled: 0 };
    for (let index = 0; index < queryCount; index++) {
      const question = makeQuestion(maker, dice);
      const { difference, outcome, isUnsettled } = await judge(server.url, source, question, semantics);
      outcomes[outcome] += 1;
      if (isUnsettled) outcomes.unsettled += 1;
      if (difference !== null) differences.push(`query ${index} of seed ${seed}: ${difference}`);
    }
    if (isFull) console.info(`${generationNames[generation]}: ${JSON.stringify(outcomes)}`);
    const shown = differences.slice(0, shownDifferences).join('\n\n');
    expect(differences.length, `${shown}\n\n${differences.length} of ${queryCount} differ`).toBe(0);
    // Queries that answer nothing would agree about anything.
    expect(outcomes.values, JSON.stringify(outcomes)).toBeGreaterThan(queryCount / 2);
    expect(outcomes.unsettled, JSON.stringify(outcomes)).toBeLessThan(Math.max(2, queryCount / 500));
  },
);
