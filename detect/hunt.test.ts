import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Engine } from './engine.ts';
import { engineOf } from './engine-fixture.ts';
import { judgeStored } from './hunt.ts';
import type { HuntedEvent } from './hunt.ts';

const rule = (title: string, search: string): string => `title: ${title}\nlogsource: {category: webserver}\ndetection:\n  selection:\n    ${search}\n  condition: selection\n`;
const RULES = [rule('path', 'url.path: /settings'), rule('signature', 'scan.class: attack.sqli'), rule('always', 'http.response.status_code|lt: 300')].join('---\n');

const folder = mkdtempSync(join(tmpdir(), 'tourniquet-judge-stored-'));
let engine: Engine;
beforeAll(async () => {
  writeFileSync(join(folder, 'rules.yml'), RULES);
  engine = await engineOf({ packs: [], sigma: [join(folder, 'rules.yml')] });
});
afterAll(() => rmSync(folder, { recursive: true }));

const web = (path: string, status: unknown = 500): string => JSON.stringify({ event: { category: ['web'] }, http: { request: { method: 'GET' }, response: { status_code: status } }, url: { path } });
const event = (line: string, change: Partial<HuntedEvent> = {}): HuntedEvent => ({ site: 'shop', leaf: 7, receivedAtMs: 5_000, timestampMs: 4_000, provenance: 'plugin', line, seen: [], ...change });
const found = (...events: readonly HuntedEvent[]): readonly string[] => judgeStored(engine, events).matches.map((m) => `${m.leaf} ${m.rule}`);

test('each event is judged by its own hits, in order', () => {
  expect(found(event(web('/')), event(web('/settings'), { leaf: 8 }), event(web('/'), { leaf: 9 }), event(web('/settings'), { leaf: 10 }))).toEqual(['8 path', '10 path']);
  expect(found()).toEqual([]);
});

test('what signatures found is seen as scan.*, and nothing that an event says of itself there', () => {
  const seen = [{ rule: 'tourniquet.attacks.sqli-union', class: 'attack.sqli', level: 'high', field: 'url.query', view: '' }] as const;
  expect(found(event(web('/'), { seen }), event(web('/').replace('{', '{"scan":{"class":"attack.sqli"},')))).toEqual(['7 signature']);
});

test('a rule without a text to look for looks at every event', () => {
  expect(found(event(web('/', 200)), event(web('/', 404)))).toEqual(['7 always']);
});

test('a finding is not found by a rule; the same line of a shipper is', () => {
  const line = web('/settings').replace('{', '{"rule":{"id":"x"},').replace('"event":{', '"event":{"kind":"alert",');
  expect(found(event(line, { provenance: 'system' }), event(line))).toEqual(['7 path']);
});

test('a match is never later than its receipt', () => {
  const times = judgeStored(engine, [event(web('/settings')), event(web('/settings'), { timestampMs: 9_000 })]).matches.map((m) => m.timestampMs);
  expect(times).toEqual([4_000, 5_000]);
});
