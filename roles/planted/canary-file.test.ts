import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { createRuleSet } from '../../contracts/rule-set.ts';
import { createEngine } from '../../detect/engine.ts';
import { detectionsOf } from '../../detect/engine-fixture.ts';
import { cleanLine } from '../../detect/mask/cleaned-line.ts';
import { siteTokens } from '../../detect/mask/site-tokens.ts';
import { exampleFailures } from '../../detect/rules/signature-examples.ts';
import { readRuleSources } from '../../detect/rule-set/read-sources.ts';
import { createLineScan } from '../../detect/scan.ts';
import { hitsOf } from '../../detect/scanner.ts';
import { canariesOf, CANARY_FILE, canarySignatures, readCanaries, without, writeCanaries } from './canary-file.ts';
import { CANARY_KINDS, literal, madeUp } from './made-up.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'tourniquet-canaries-'));
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => rmSync(path.join(folder, CANARY_FILE), { force: true }));

const RECORDS = CANARY_KINDS.map((kind) => ({ kind, name: `bait-${kind}`, values: madeUp(kind) }));

async function plantAll(): Promise<void> {
  for (const { kind, name, values } of RECORDS) await writeCanaries(folder, await readCanaries(folder), canarySignatures(name, kind, values, 'shop'));
}

describe('the file of canaries', () => {
  test('is a pack whose signatures find the values they were made for', async () => {
    await plantAll();
    const signatures = await readCanaries(folder);
    expect(exampleFailures(signatures)).toEqual([]);
    expect(new Set(signatures.map(({ level }) => level))).toEqual(new Set(['critical']));
    expect(canariesOf(signatures).map(({ name, kind }) => [name, kind])).toEqual(RECORDS.map(({ name, kind }) => [name, kind]).toSorted());
  });

  test('keeps the others when one is removed, and goes with the last', async () => {
    await plantAll();
    for (const [i, { name }] of RECORDS.entries()) {
      await writeCanaries(folder, without(await readCanaries(folder), name));
      expect(canariesOf(await readCanaries(folder))).toHaveLength(RECORDS.length - 1 - i);
    }
    expect(readdirSync(folder)).toEqual([]);
    expect((await readRuleSources({ packs: [], added: [folder] })).signatures).toEqual([]);
  });

  test('that no longer is a pack is named with what to do', async () => {
    writeFileSync(path.join(folder, CANARY_FILE), '- id: mine\n');
    await expect(readCanaries(folder)).rejects.toThrow(/canaries\.yaml:1:\d+: .*; mend it, or remove the file and plant anew/);
  });
});

describe('a planted record', () => {
  test('is found in every spelling that a list or a query has, beside the shipped signatures', async () => {
    await plantAll();
    const scan = createLineScan(await createEngine(createRuleSet(await readRuleSources({ packs: [], added: [folder] }))));
    const value = (kind: string, part: string): string => RECORDS.find((record) => record.kind === kind)?.values.find((one) => one.part === part)?.text ?? '';
    const phone = value('customer', 'phone');
    const [first = '', last = ''] = value('customer', 'name').split(' ');
    const texts = [
      value('customer', 'email').toUpperCase(), encodeURIComponent(value('customer', 'email')), phone, phone.replaceAll(/\D/g, ''), phone.slice(3).replaceAll(' ', '-'), `(${phone.slice(3, 6)}) ${phone.slice(7)}`, `${last}, ${first}`, `${first}+${last}`,
      value('order', 'number'), value('order', 'key'), value('key', 'secret'), value('key', 'cloud'), value('product', 'sku').toLowerCase(), value('product', 'title'),
    ];
    const lines = texts.map((text) => JSON.stringify({ 'url.query': `x=${text}&y=1` }));
    const found = new Set(detectionsOf(scan, lines).filter((d) => d.class.startsWith('canary.')).map((d) => d.line));
    expect(texts.filter((_, i) => !found.has(i))).toEqual([]);
    expect(detectionsOf(scan, [JSON.stringify({ 'woocommerce.order.id': Number(value('order', 'number')) })])).toHaveLength(1);
  });

  test('is masked as a canary where other signatures find the same place', async () => {
    const [name, email] = madeUp('customer');
    if (name === undefined || email === undefined) throw new Error('a customer has a name and an address');
    await writeCanaries(folder, [], canarySignatures('bait', 'customer', [name, email], ''));
    const { signatures, ...rest } = await readRuleSources({ packs: [], added: [folder] });
    const [canary] = signatures;
    if (canary === undefined) throw new Error('nothing was planted');
    const mail = { ...canary, id: 'tourniquet.identity.email', class: 'pii.email', level: 'informational', pattern: '[a-z0-9.]{1,64}@[a-z]{1,20}\\.example' } as const;
    const engine = await createEngine(createRuleSet({ ...rest, signatures: [...signatures, mail] }));
    const line = JSON.stringify({ message: `to ${email.text}` });
    const cleaned = cleanLine(engine.scanner, line, hitsOf(engine.scanner, line), siteTokens(engine.scanner.native, Buffer.alloc(32, 1)));
    expect(cleaned.line).toMatch(/"to ⟦canary\.customer:[a-p]{24}⟧"/);
  });

  test('of any value is looked for as it is written', () => {
    for (const text of ['a.b+c@d.example', '(x)[y]{z}', String.raw`\d^$|?*`, 'plain']) expect(new RegExp(literal(text), 'u').exec(`<${text}>`)?.[0]).toBe(text);
  });

  test('stands nowhere else: no two records share a value', () => {
    const values = Array.from({ length: 200 }, (_, i) => madeUp(CANARY_KINDS[i % CANARY_KINDS.length] ?? 'customer')).flat().filter(({ part }) => !['name', 'title', 'address', 'phone'].includes(part)).map(({ text }) => text);
    expect(new Set(values).size).toBe(values.length);
  });
});
