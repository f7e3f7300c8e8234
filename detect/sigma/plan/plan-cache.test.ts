import { expect, test } from 'vitest';
import { seededRandom } from '../../../contracts/seeded-random.ts';
import { viewsOf } from '../../views/views.ts';
import { openPlan, sealPlan } from './plan-cache.ts';
import { createPlan } from './plan.ts';
import { randomMappings, randomRule } from './random-rules.ts';

const options = { mappings: randomMappings(), viewsOf };
const random = seededRandom(Number(process.env['SEED'] ?? 20261121));
const detections = Array.from({ length: 200 }, (_, i) => randomRule(random, `r${i}`));
const rules = { detections, correlations: [] };
const plan = createPlan(detections, options);
const sealed = await sealPlan({ rules, plan }, 'version 1');

test('an opened plan is the one that was sealed', async () => {
  const opened = await openPlan(sealed, 'version 1', options);
  expect(opened?.rules).toStrictEqual(rules);
  expect(opened?.plan.triggers).toStrictEqual(plan.triggers);
  expect(opened?.plan.atoms).toStrictEqual(plan.atoms);
});

test('a plan of another version is none', async () => {
  expect(await openPlan(sealed, 'version 2', options)).toBeUndefined();
});

test('damaged bytes are no plan', async () => {
  for (let i = 0; i < 50; i++) {
    const damaged = Buffer.from(sealed);
    const at = random.below(damaged.length);
    damaged[at] = (damaged[at] ?? 0) ^ (1 << random.below(8));
    expect(await openPlan(damaged, 'version 1', options)).toBeUndefined();
  }
  for (const length of [0, 1, 32, 33, sealed.length - 1]) expect(await openPlan(sealed.subarray(0, length), 'version 1', options)).toBeUndefined();
});
