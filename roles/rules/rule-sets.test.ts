import { expect, test } from 'vitest';
import { createLogDisk, openMemoryLog } from '../../contracts/memory-log.ts';
import type { RuleSetContent } from '../../contracts/rule-set.ts';
import type { CompiledRules } from './compiled-rules.ts';
import { prepareRuleSet } from './prepared-rule-set.ts';
import type { PreparedRuleSet } from './prepared-rule-set.ts';
import { openRuleSets } from './rule-sets.ts';
import type { RuleSets } from './rule-sets.ts';

function content(text: string): RuleSetContent {
  return { signatures: [], sigma: [{ file: 'a.yml', text }], mappings: [], placeholders: {} };
}

async function use(sets: RuleSets, text: string): Promise<void> {
  await sets.use(prepareRuleSet(content(text), await sets.known()));
}

function world() {
  const registry = openMemoryLog(createLogDisk(1)).registry;
  const compiled: string[] = [];
  const refused: unknown[] = [];
  const compile = async ({ ruleSet: { version, sigma } }: PreparedRuleSet): Promise<CompiledRules> => {
    if (sigma[0]?.text === 'bad') throw new Error('a.yml:1:1: bad');
    compiled.push(version);
    return Promise.resolve({ stage: { versions: { derivation: 1, rules: version }, begin: () => { throw new Error('not used'); } }, correlations: [], figures: () => { throw new Error('not used'); } });
  };
  const open = (read: () => Promise<RuleSetContent>): Promise<RuleSets> => openRuleSets(registry, compile, read, (error) => refused.push(error));
  return { registry, compiled, refused, open };
}

test('a set is compiled once, sealed, and in use; the next one takes its place and the first can still derive', async () => {
  const { open, compiled } = world();
  const sets = await open(() => Promise.resolve(content('a')));
  const first = sets.versions();
  expect(first.rules).toBe(sets.current.ruleSet.version);
  await use(sets, 'b');
  expect(sets.versions().rules).not.toBe(first.rules);
  expect((await sets.stageFor(first)).versions).toEqual(first);
  expect((await sets.correlationsOf(sets.versions().rules)).order).toBeGreaterThan((await sets.correlationsOf(first.rules)).order);
  expect(compiled).toEqual([first.rules, sets.versions().rules]);
});

test('a bad set changes nothing and is not sealed', async () => {
  const { open, registry } = world();
  const sets = await open(() => Promise.resolve(content('a')));
  const [before, end] = [sets.versions(), (await registry.bounds()).next];
  await expect(use(sets, 'bad')).rejects.toThrow('a.yml:1:1: bad');
  expect(sets.versions()).toEqual(before);
  expect((await registry.bounds()).next).toBe(end);
});

test('at a start with bad rules the set sealed last goes on, and says so; without one the start fails', async () => {
  const { open, refused } = world();
  await expect(open(() => Promise.resolve(content('bad')))).rejects.toThrow('a.yml:1:1: bad');
  const before = (await open(() => Promise.resolve(content('a')))).versions();
  const sets = await open(() => Promise.reject(new Error('a folder is missing')));
  expect(sets.versions()).toEqual(before);
  expect(refused.map(String)).toEqual(['Error: a folder is missing']);
});

test('a set of another process can be derived with; one of another derivation cannot', async () => {
  const { open } = world();
  const one = await open(() => Promise.resolve(content('a')));
  const two = await open(() => Promise.resolve(content('b')));
  expect((await one.stageFor(two.versions())).versions).toEqual(two.versions());
  await expect(one.stageFor({ derivation: 2, rules: one.versions().rules })).rejects.toThrow('derivation v2 is not part of this version');
});
