import { expect, test } from 'vitest';
import { seededRandom } from '../../../contracts/seeded-random.ts';
import { scenarioEngine } from '../scenario-engine.ts';
import { cleanTraffic, falseMatches } from './clean-traffic.ts';
import type { CleanRun } from './clean-traffic.ts';
import { recordedEvents } from './recorded.ts';
import { searches } from './searches.ts';

const SEED = Number(process.env['TOURNIQUET_SEED'] ?? 20261121);
const SEARCHES = 20_000;
const MIXED = 10_000;
const engine = await scenarioEngine();

function told({ falseMatches: found }: CleanRun): string {
  return found.slice(0, 12).map(({ rule, source, line }) => `${rule} in ${source}: ${line}`).join('\n');
}

function* searched(): Generator<ReturnType<typeof searches.make> & { readonly source: string }> {
  const random = seededRandom(SEED);
  for (let i = 0; i < SEARCHES; i++) yield { ...searches.make(random), source: searches.name };
}

test(`of 20,000 searches and parameters at most one is called medium or graver, seed ${SEED}`, () => {
  const run = falseMatches(engine, searched());
  expect(run.falseMatches.length, told(run)).toBeLessThanOrEqual(1);
});

test(`of a day of five sites and 10,000 forms, mails, payloads and logs at most one is called medium or graver, seed ${SEED}`, () => {
  const run = falseMatches(engine, cleanTraffic(SEED, 1, MIXED));
  expect(run.events).toBeGreaterThan(MIXED);
  expect(run.falseMatches.length, told(run)).toBeLessThanOrEqual(1);
});

const recorded = recordedEvents();

test.skipIf(recorded === undefined)('the recorded requests of a shop, bodies too, are silent', () => { // The corpora are absent on a user's machine; in CI that is an error.
  const run = falseMatches(engine, (recorded ?? []).map((one) => ({ ...one, source: 'recorded' })));
  expect(run.events).toBe(260);
  expect(told(run)).toBe('');
});
