import { describe, expect, test } from 'vitest';
import { createRuleSet } from '../../contracts/rule-set.ts';
import type { RegisteredDocument } from '../../contracts/rule-set.ts';
import { createEngine } from '../engine.ts';
import { detectionsOf } from '../engine-fixture.ts';
import { readRuleSources } from '../rule-set/read-sources.ts';
import { createLineScan } from '../scan.ts';
import { registerDocument } from './register.ts';

const KEY = Buffer.alloc(32, 9);
const TEXT = 'The spring collection opens with eleven lamps in brushed copper, each carrying a numbered plate, a linen cable and a dimmer that remembers its last setting; dealers receive the second edition in March, four weeks before the public sees it.';
const registration = registerDocument({ id: 'spring', title: 'Spring collection', class: 'ip.product', level: 'high' }, TEXT, KEY);
if (registration.kind === 'refused') throw new Error(registration.because);
const documents: readonly RegisteredDocument[] = [registration.document];
const ruleSet = createRuleSet({ ...(await readRuleSources({ packs: [] })), documents });
const scan = createLineScan(await createEngine(ruleSet, { fingerprintKey: KEY }));

function found(event: object): readonly string[] {
  return detectionsOf(scan, [JSON.stringify(event)]).map(({ rule, class: ofClass, level, field }) => `${rule} ${ofClass} ${level} ${field}`);
}

describe('a passage of a registered document', () => {
  test.each(['http.request.body.content', 'http.response.body.content', 'ai.prompt', 'ai.completion', 'email.body', 'wordpress.form.message', 'woocommerce.order.note'])('is found in %s, nested or dotted', (field) => {
    const expected = [`document.spring ip.product high ${field}`];
    expect(found({ [field]: `fyi: ${TEXT}` })).toEqual(expected);
    expect(found(field.split('.').reduceRight<unknown>((value, name) => ({ [name]: value }), TEXT) as object)).toEqual(expected); // a name around each
  });

  test.each([['percent', encodeURIComponent(TEXT)], ['plus', `note=${encodeURIComponent(TEXT).replaceAll('%20', '+')}`], ['json', JSON.stringify({ note: TEXT.replaceAll(' ', '\n') })], ['base64', Buffer.from(TEXT).toString('base64')]])('is found in %s', (_name, text) => {
    expect(found({ 'http.request.body.content': text })).toHaveLength(1);
  });

  test('is not looked for in other fields, and another text is none', () => {
    expect(found({ 'url.query': TEXT, 'woocommerce.product.description': TEXT })).toEqual([]);
    expect(found({ 'ai.prompt': 'Write a text about lamps in brushed copper for dealers, four weeks before the public opening, with a linen cable.' })).toEqual([]);
  });

  test('is not recognised without the key', async () => {
    const keyless = createLineScan(await createEngine(ruleSet));
    expect(detectionsOf(keyless, [JSON.stringify({ 'ai.prompt': TEXT })])).toEqual([]);
  });
});

test('a set without documents scans for nothing more', async () => {
  const content = await readRuleSources({ packs: [] });
  const [plain, none] = await Promise.all([createEngine(createRuleSet(content)), createEngine(createRuleSet({ ...content, documents: [] }))]);
  expect(none.scanner.rules).toEqual(plain.scanner.rules);
  expect(none.ruleSet.version).toBe(plain.ruleSet.version);
});
