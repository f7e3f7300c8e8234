import { expect, test } from 'vitest';
import type { ScopeReport, ScopeRequest } from '../../contracts/scope.ts';
import { deriveActOf } from '../../detect/acts/v1/act.ts';
import { computeScope } from '../../storage/scope/compute-scope.ts';
import { createMemoryStore, NO_FACTS } from '../../storage/scope/memory-store.ts';
import { LEAST_CONFIDENCE } from '../../storage/scope/reasons.ts';
import type { StoredAct } from '../../storage/scope/scope-store.ts';
import { BREACH } from './breach.ts';
import { demoDay } from './day.ts';
import { judgePersons } from './whose-data.ts';

const DAY = Date.UTC(2026, 10, 20);
const day = demoDay(7, DAY, 3_000);
const lines = day.lines.filter(({ site, stream }) => site === BREACH.site && stream === 'wordpress');
const ALERT = 'alert';

/** The clinic's audit events as the read model holds them; the alert rests on the stories' events. */
function trail(): ReturnType<typeof createMemoryStore> {
  const derived = lines.map(({ text }) => deriveActOf(text, 'plugin'));
  const acts = derived.flatMap((one, leaf): readonly StoredAct[] => (one === undefined ? [] : [{ ...one.act, leaf, atMs: lines[leaf]?.at ?? 0, receivedAtMs: lines[leaf]?.at ?? 0, provenance: 'plugin' }]));
  const rests = new Set(day.stories.filter(({ finds }) => finds?.startsWith('activity.')).flatMap((story) => story.lines));
  return createMemoryStore({
    site: BREACH.site, acts, subjects: new Map(derived.map((one, leaf) => [leaf, one?.subjects ?? []])),
    agents: new Map(lines.map(({ text }, leaf) => [leaf, String(Object(Object(JSON.parse(text)).user_agent).original ?? '')])),
    alerts: new Map([[ALERT, lines.flatMap((line, leaf) => (rests.has(line) ? [leaf] : []))]]), rules: new Map(), facts: NO_FACTS,
  });
}

function ask(seed: ScopeRequest['seed']): Promise<ScopeReport> {
  return computeScope(trail(), { site: BREACH.site, seed, fromMs: DAY, toMs: DAY + 86_400_000, leastConfidence: LEAST_CONFIDENCE });
}

test("the clinic's staff read customers of the breach and many others on the same day, as the same account among them", () => {
  const own = lines.filter(({ text }) => text.includes('"name":"sabine"') && text.includes('"ip":"192.0.2.10"') && text.includes('"subjects"'));
  const read = new Set(own.flatMap(({ text }) => [...text.matchAll(/"token":"([a-p]+)"/g)].map(([, token = '']) => token)));
  const others = [...read].filter((token) => !BREACH.persons.has(token)).length;
  expect(others).toBeGreaterThan(100);
  expect(read.size).toBeGreaterThan(others);
});

test.each([['alert', ALERT], ['address', '203.0.113.11']] as const)('asked by the %s, the scope holds everybody of the breach and nobody besides', async (kind, value) => {
  expect(judgePersons(BREACH, await ask({ kind, value }))).toEqual({ ok: true, text: `${BREACH.persons.size} of ${BREACH.persons.size}, none besides` });
});

test("the same question about the owner's desk is told apart from the truth", async () => {
  const { ok, text } = judgePersons(BREACH, await ask({ kind: 'address', value: '192.0.2.10' }));
  expect([ok, text]).toEqual([false, expect.stringMatching(/ besides$/)]);
});

test('no alert to ask with is a failure', () => {
  expect(judgePersons(BREACH, undefined).ok).toBe(false);
});
