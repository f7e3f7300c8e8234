import { expect, test } from 'vitest';
import { createLogDisk, openMemoryLog } from '../../contracts/memory-log.ts';
import type { RuleSetContent } from '../../contracts/rule-set.ts';
import { prepareRuleSet } from './prepared-rule-set.ts';
import { openSealedRuleSets } from './sealed-rule-sets.ts';
import type { SealedRuleSet, SealedRuleSets } from './sealed-rule-sets.ts';

function content(text: string): RuleSetContent {
  return { signatures: [], sigma: [{ file: 'a.yml', text }], mappings: [], placeholders: {} };
}

async function seal(seals: SealedRuleSets, sealed: RuleSetContent): Promise<SealedRuleSet> {
  return seals.seal(prepareRuleSet(sealed, await seals.known()));
}

function registry() {
  return openMemoryLog(createLogDisk(1)).registry;
}

test('a sealed set is read back whole by any process', async () => {
  const stream = registry();
  const large = content(Array.from({ length: 200_000 }, (_, i) => (i * 2_654_435_761) >>> 0).join('\n'));
  const { ruleSet } = await seal(openSealedRuleSets(stream), large);
  const read = await openSealedRuleSets(stream).read(ruleSet.version);
  expect(read.ruleSet).toEqual({ ...large, version: ruleSet.version, revision: 0 });
  expect((await stream.bounds()).next).toBeGreaterThan(2);
});

test('the set sealed last is not sealed again; one that comes back is a later set of its own', async () => {
  const stream = registry();
  const [one, two] = [openSealedRuleSets(stream), openSealedRuleSets(stream)];
  const a = await seal(one, content('a'));
  expect((await seal(two, content('a'))).ruleSet.version).toBe(a.ruleSet.version);
  const b = await seal(two, content('b'));
  const back = await seal(one, content('a'));
  expect(back.ruleSet.version).not.toBe(a.ruleSet.version);
  expect([a.order, b.order, back.order]).toEqual([a.order, b.order, back.order].toSorted((x, y) => x - y));
  expect((await seal(two, content('a'))).order).toBe(back.order);
});

test('workers that seal the same at once make one set', async () => {
  const stream = registry();
  const sealed = await Promise.all([1, 2, 3].map(() => seal(openSealedRuleSets(stream), content('a'))));
  expect(new Set(sealed.map((s) => s.order)).size).toBe(1);
});

test('a version that is not there is an error that says what to do', async () => {
  await expect(openSealedRuleSets(registry()).read('f00')).rejects.toThrow('the rule set f00 is not in the registry; restore');
});

test('a set whose pieces are damaged is not read', async () => {
  const stream = registry();
  const { packed } = prepareRuleSet(content('a'), await openSealedRuleSets(stream).known());
  const { ruleSet } = prepareRuleSet(content('b'), { versions: [], last: undefined });
  await stream.claim(`rules/${ruleSet.version}/0123.0`, packed);
  await stream.claim(`rules/${ruleSet.version}`, JSON.stringify({ type: 'rules', of: '0123', pieces: 1 }));
  await expect(openSealedRuleSets(stream).read(ruleSet.version)).rejects.toThrow(`the rule set ${ruleSet.version} in the registry is damaged; restore`);
});

test('a claim that lost, which a stream may show, changes nothing', async () => {
  const disk = createLogDisk(1);
  const stream = openMemoryLog(disk).registry;
  const { ruleSet, order } = await seal(openSealedRuleSets(stream), content('a'));
  const key = `rules/${ruleSet.version}`;
  disk.registry.entries.push({ offset: disk.registry.entries.length, key, value: JSON.stringify({ type: 'rules', of: 'lost', pieces: 1 }) });
  const read = await openSealedRuleSets(stream).read(ruleSet.version);
  expect(read.order).toBe(order);
  expect(read.ruleSet.sigma).toEqual(content('a').sigma);
});
