import { describe, expect, test } from 'vitest';
import { leafHash } from '../contracts/leaf.ts';
import { findMasks } from '../contracts/masked-span.ts';
import type { BlockOutcome, StageBlock, TableRows } from '../contracts/stage.ts';
import { tokenOf } from '../contracts/token.ts';
import { createRuleSet } from '../contracts/rule-set.ts';
import { createEngine } from './engine.ts';
import { openOriginal } from './rows/sealed-original.ts';
import { readRuleSources } from './rule-set/read-sources.ts';
import { TEST_CACHE } from './scanner-fixture.ts';
import { createStage } from './stage.ts';

const RULE = 'title: A query that asks for more\nid: 33333333-3333-4333-8333-333333333333\nlogsource: { category: webserver }\ndetection: { it: { url.query|contains: union }, condition: it }\nlevel: high\n';
const stage = createStage(await createEngine(createRuleSet({ ...(await readRuleSources()), sigma: [{ file: 'rule.yml', text: RULE }] }), { cacheDirectory: TEST_CACHE }));
const RECEIVED = Date.UTC(2026, 10, 21);
const PROMPT = 'Mail the lab report to jane@clinic.example, please, and to nobody else';
const keys = { site: 'shop', epoch: 1, token: Buffer.alloc(32, 1), deadLetter: Buffer.alloc(32, 2) };

function block(lines: readonly string[], change: Partial<StageBlock> = {}): StageBlock {
  return {
    site: 'shop', stream: 'access', epoch: 1, firstSeq: 100, skipLines: 0, receivedAtMs: RECEIVED, provenance: 'gateway', partition: 0, position: 9,
    firstLeaf: 50, body: Buffer.from(lines.map((l) => `${l}\n`).join('')), nonces: false, rejects: new Map(), keys, ...change,
  };
}

function run(...blocks: readonly StageBlock[]): { readonly outcomes: readonly BlockOutcome[]; readonly rows: readonly TableRows[] } {
  const group = stage.begin();
  return { outcomes: blocks.map((b) => group.add(b)), rows: group.finish() };
}

function table(rows: readonly TableRows[], name: string): readonly Readonly<Record<string, unknown>>[] {
  return rows.filter((r) => r.table === name).flatMap((r) => r.data.toString().trimEnd().split('\n').map((line) => JSON.parse(line)));
}

describe('the stage', () => {
  test('gives the same bytes for the same blocks, also after other groups', () => {
    const blocks = [block(['{"a":1}', '{"m":"jane@clinic.example"}', 'x']), block(['{"q":"1 union select 2"}'], { site: 'clinic' })];
    const first = run(...blocks);
    run(block(['{"b":"\u00e9"}']));
    expect(run(...blocks)).toEqual(first);
  });

  test('hashes each line as it is stored: masked', () => {
    const { outcomes, rows } = run(block(['{"a":1}', '{"m":"jane@clinic.example"}']));
    const masked = rows.find((r) => r.table === 'events')?.data.toString().match(/\{"m":"[^"]*"\}/u)?.[0] ?? '';
    expect(masked).toMatch(/^\{"m":"\u27e6pii\.email:[a-p]{24}\u27e7"\}$/u);
    const envelope = { site: 'shop', stream: 'access', epoch: 1, receivedAtMs: RECEIVED, provenance: 'gateway', derivation: 1 } as const;
    expect(outcomes[0]?.leaves).toEqual(Buffer.concat([leafHash({ ...envelope, seq: 100 }, Buffer.from('{"a":1}')), leafHash({ ...envelope, seq: 101 }, Buffer.from(masked))]));
    expect(outcomes[0]).toMatchObject({ stored: 2, deadLetters: 0, maskedSpans: 1, alerts: 0 });
  });

  test('puts bad and refused lines aside, sealed, and counts on', () => {
    const { outcomes, rows } = run(block(['{"a":1}', 'secret text', '{"b":2}', '{"c":3}'], { rejects: new Map([[2, 'unknown_format']]) }));
    expect(outcomes[0]).toMatchObject({ stored: 2, deadLetters: 2 });
    const dead = table(rows, 'dead_letters');
    expect(dead.map((d) => [d['seq'], d['line_index'], d['reason']])).toEqual([[101, 1, 'not_json'], [102, 2, 'unknown_format']]);
    expect(rows.some((r) => r.data.includes('secret text'))).toBe(false);
    const place = { site: 'shop', stream: 'access', epoch: 1, seq: 101, lineIndex: 1 };
    expect(openOriginal(keys.deadLetter, place, String(dead[0]?.['original'])).toString()).toBe('secret text');
    expect(() => openOriginal(keys.deadLetter, { ...place, seq: 102 }, String(dead[0]?.['original']))).toThrow();
  });

  test('passes over what was stored before', () => {
    const { outcomes, rows } = run(block(['{"a":1}', '{"q":"1 union select 2"}', 'x'], { skipLines: 2 }));
    expect(outcomes[0]).toMatchObject({ stored: 0, deadLetters: 1, alerts: 0 });
    expect(rows.map((r) => r.table)).toEqual(['dead_letters']);
  });

  test('raises one alert a line and Sigma rule, none for what signatures find, with an id that position and time do not change', () => {
    const line = '{"source":{"ip":"198.51.100.7"},"url":{"query":"a=1+union+select+2&b=1+union+select+2"}}';
    const { rows } = run(block([line]));
    const [first, ...others] = table(rows, 'alerts');
    expect(others).toEqual([]);
    expect(table(rows, 'matches').filter((match) => match['engine'] === 'pack' && match['level'] === 'high').length).toBeGreaterThan(0);
    const [again] = table(run(block([line], { position: 10, receivedAtMs: RECEIVED + 1 })).rows, 'alerts');
    expect(first).toMatchObject({ rule: '33333333-3333-4333-8333-333333333333', level: 'high', field: 'url.query', source_ip: '198.51.100.7', leaf: 50, seq: 100 });
    expect(first?.['id']).toMatch(/^alert_[a-p]{32}$/);
    expect(again?.['id']).toBe(first?.['id']);
  });

  test('keeps months of receipt apart', () => {
    const { rows } = run(block(['{"a":1}']), block(['{"a":1}'], { receivedAtMs: Date.UTC(2026, 11, 1) }));
    expect(rows.map((r) => [r.table, r.rows])).toEqual([['events', 1], ['events', 1]]);
  });

  test('reads past nonces', () => {
    const { outcomes } = run(block([`${'A'.repeat(22)} {"a":1}`], { nonces: true }));
    expect(outcomes[0]).toMatchObject({ stored: 1, deadLetters: 0 });
  });

  test('says no personal data in any row', () => {
    const { rows } = run(block(['{"jane@clinic.example":{"card":"4111 1111 1111 1111","user":{"name":"jane@clinic.example"}},"user":{"name":"jane@clinic.example"}}', '{"m":"jane@clinic.example"']));
    for (const { data } of rows) expect(data.toString()).not.toMatch(/jane|4111/);
  });

  test('keeps of a prompt, in rows and columns, only its summary, and tells what may be asked for', () => {
    const { outcomes, rows } = run(block([
      `{"ai":{"prompt":"${PROMPT}"},"subjects":[{"type":"patient","token":"abcdefghijklmnopabcdefgh"}]}`,
      '{"user":{"password":"correct horse"},"m":"Jane@Clinic.example"}',
    ], { provenance: 'plugin' }));
    const stored = rows.find((r) => r.table === 'events')?.data.toString() ?? '';
    expect(stored).toMatch(/"prompt":"\u27e6text length=70 classes=(?:[a-z_.]+,)*pii\.email(?:,[a-z_.]+)* shingles=[a-p]{16}(?:\.[a-p]{16}){8}\u27e7"/u);
    expect(stored).toContain('"password":"\u27e6withheld\u27e7"');
    for (const { data } of rows) expect(data.toString().toLowerCase()).not.toMatch(/jane|lab report|horse/);
    expect(table(rows, 'matches').filter((match) => match['class'] === 'pii.email').map((match) => match['field'])).toEqual(['ai.prompt', 'm']);
    const [email] = (outcomes[0]?.recoverable ?? []).filter(({ value }) => value === 'jane@clinic.example');
    expect([email?.token, email?.subjects]).toEqual([tokenOf(keys.token, 'email', 'jane@clinic.example'), ['abcdefghijklmnopabcdefgh']]);
  });

  test('a mask that a sender writes is none', () => {
    const { rows } = run(block(['{"m":"\u27e6pii.email:abcdefghijklmnopabcdefgh\u27e7"}']));
    expect(findMasks(rows.find((r) => r.table === 'events')?.data.toString() ?? '')).toEqual([]);
  });

  test('refuses a block after the end', () => {
    const group = stage.begin();
    group.finish();
    expect(() => group.add(block([]))).toThrow(expect.objectContaining({ code: 'TQ-DETECT-06' }));
  });
});
