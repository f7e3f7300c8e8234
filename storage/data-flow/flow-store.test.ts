import { afterAll, beforeAll, expect, test } from 'vitest';
import { ago, NOW, openPlantedStore } from '../audit/planted-rows.ts';
import type { PlantedStore } from '../audit/planted-rows.ts';
import { createFlowStore } from './flow-store.ts';
import type { StoredFlow } from './compute-data-flow.ts';

let store: PlantedStore;
beforeAll(async () => {
  store = await openPlantedStore();
});
afterAll(() => store[Symbol.asyncDispose]());

function flowsOf(site: string): Promise<readonly StoredFlow[]> {
  return createFlowStore(store.reader).flows({ site, treeSize: 100_000 }, { fromMs: NOW - 86_400_000, toMs: NOW });
}

test('a flow names its first deeds by leaf, of however many', async () => {
  const mail = { site: 'mailing', how: 'mail', destination: 'mx.example', subjects: 1, timestamp: ago(4) };
  await store.plant('acts', [...Array.from({ length: 10_050 }, (_, i) => ({ ...mail, actor: 'anna', leaf: 500 + i })), ...Array.from({ length: 9 }, (_, i) => ({ ...mail, actor: 'zoe', leaf: 108 - i }))]);
  expect((await flowsOf('mailing')).map(({ deeds, leaves }) => [deeds, leaves])).toEqual([[10_059, [100, 101, 102, 103, 104, 105, 106, 107]]]);
});

test('a backup that names where it went is a flow, one that does not is none', async () => {
  const backup = { site: 'saving', how: 'backup', action: 'backup-created', classes: ['pii.email'] };
  await store.plant('acts', [{ ...backup, destination: 'vault.example', region: 'US' }, backup]);
  expect((await flowsOf('saving')).map(({ how, destination, said, deeds }) => [how, destination, said, deeds])).toEqual([['backup', 'vault.example', 'US', 1]]);
});

test('what the site refused to send is no flow; what failed on its way is one', async () => {
  const prompt = { site: 'asking', category: 'ai', action: 'prompt-sent', outcome: 'failure' };
  for (const [leaf, type] of [[10, 'denied'], [11, 'error']] as const) {
    await store.plant('events', [{ ...prompt, leaf, line: JSON.stringify({ event: { type } }) }]);
    await store.plant('acts', [{ ...prompt, leaf, how: 'ai', destination: 'api.ai.example', region: 'outside', subjects: 1 }]);
    await store.plant('accesses', [{ ...prompt, leaf, how: 'ai', destination: 'api.ai.example', subject: (leaf === 10 ? 'a' : 'b').repeat(24) }]);
  }
  expect((await flowsOf('asking')).map(({ deeds, subjects, leaves }) => [deeds, subjects, leaves])).toEqual([[1, 1, [11]]]);
});
