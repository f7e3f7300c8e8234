import { expect, test } from 'vitest';
import { MemoryLogError } from '../../contracts/memory-log.ts';
import { observation, noSeal } from './correlator-fixture.ts';
import { sealedRecord } from './sealed-record.ts';
import { createPartition, tellMany } from './test-partition.ts';
import { createToyKeyedStage } from './toy-keyed-stage.ts';

test('what is observed is correlated by the rules it was observed with, from their first record on', async () => {
  const p = createPartition();
  for (const [first, rules] of [[0, 'r1'], [1, 'r1'], [2, 'r1'], [3, 'r2'], [4, 'r2']] as const) await p.tell('a', first, { rules });
  await p.work();
  expect((await p.trail()).ids.map((id) => id.slice(0, 2))).toEqual(['r1', 'r2', 'r2']);
  expect(p.events.flatMap((e) => (e.type === 'rules' ? [e.version] : []))).toEqual(['r1', 'r2']);
});

test('while partitions reload one after the other the newer set stays in use', async () => {
  const p = createPartition();
  for (const [i, rules] of ['r1', 'r1', 'r2', 'r1', 'r3', 'r2', 'r1'].entries()) await p.tell('a', i, { rules, partition: i });
  await p.work();
  expect((await p.trail()).ids.map((id) => id.slice(0, 2))).toEqual(['r2', 'r2', 'r3', 'r3', 'r3']);
});

test('a restart goes on with the rules that were in use, whatever set comes next', async () => {
  const p = createPartition();
  for (let i = 0; i < 3; i++) await p.tell('a', i, { rules: 'r5' });
  await p.work();
  expect((await p.snapshots()).at(-1)?.rules).toBe('r5');
  for (let i = 3; i < 6; i++) await p.tell('a', i, { rules: 'r4' });
  await p.work();
  expect((await p.trail()).ids.map((id) => id.slice(0, 2))).toEqual(['r5', 'r5', 'r5', 'r5']);
});

test('rules that cannot be read now are waited for, and nothing is looked at without them', async () => {
  const p = createPartition();
  await tellMany(p, 0, 3);
  const stage = createToyKeyedStage();
  let away = 3;
  const rules: typeof stage.rules = async (version) => {
    if (away-- > 0) throw new MemoryLogError('the registry is away', true);
    return stage.rules(version);
  };
  expect(await p.work({ stage: { ...stage, rules } })).toMatchObject({ next: 3, findings: 1 });
  expect(p.events.flatMap((e) => (e.type === 'waiting' ? [e.what] : []))).toEqual(['rules', 'rules', 'rules']);
});

test('rules that can never be read stop the partition before their first record', async () => {
  const p = createPartition();
  for (const [first, rules] of [[0, 'r1'], [1, 'r1'], [2, 'r1'], [3, 'r2']] as const) await p.tell('a', first, { rules });
  const stage = createToyKeyedStage();
  const broken = { ...stage, rules: async (version: string) => {
    if (version === 'r2') throw new Error('the rule set cannot be read');
    return stage.rules(version);
  } };
  await expect(p.work({ stage: broken })).rejects.toThrow('the rule set cannot be read');
  await p.work();
  expect((await p.trail()).ids.map((id) => id.slice(0, 2))).toEqual(['r1', 'r2']);
});

test('findings about one site go to its own trail, those about several to the trail of _system', async () => {
  const p = createPartition();
  let first = 0;
  for (const [value, site] of [['a', 'shop'], ['a', 'shop'], ['b', 'mall'], ['b', 'mall'], ['b', 'mall'], ['a', 'shop'], ['a', 'mall']] as const) await p.tell(value, first++, { site });
  await p.work();
  const { bySite } = await p.trail();
  expect(bySite).toEqual({
    mall: ['r1 b mall/3 mall/4 mall/5'],
    shop: ['r1 a shop/1 shop/2 shop/6'],
    _system: ['r1 a shop/2 shop/6 mall/7'],
  });
});

test('a record of before rule sets had versions is passed over and told', async () => {
  const p = createPartition();
  const head = { stream: 'observations', received_at: 1, framing: 'plain', lines: 1, observed: { partition: 0, first: 0, last: 0 } } as const;
  // As earlier versions wrote it: the rules are missing.
  await p.log.observations.appendTo(0, '0', await sealedRecord(noSeal, '_system', head as unknown as Parameters<typeof sealedRecord>[2], Buffer.from(`${JSON.stringify(observation('a', 1))}\n`)));
  for (let i = 1; i < 4; i++) await p.tell('a', i);
  expect(await p.work()).toMatchObject({ next: 4, damaged: 1, observations: 3, findings: 1 });
});
