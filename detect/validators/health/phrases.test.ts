import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../../contracts/seeded-random.ts';
import { createRuleSet } from '../../../contracts/rule-set.ts';
import { createEngine } from '../../engine.ts';
import { exactMatches, decodeTokens } from '../../mask/exact-match.ts';
import { cleanLine } from '../../mask/cleaned-line.ts';
import { siteTokens } from '../../mask/site-tokens.ts';
import { parsePackFile } from '../../pack/pack-file.ts';
import { readRuleSources } from '../../rule-set/read-sources.ts';
import { hitsOf } from '../../scanner.ts';

const SEED = Number(process.env['TOURNIQUET_SEED'] ?? 20261121);
const ROUNDS = 400;
const FILES = ['health.yaml', 'health-phrases.yaml'];
const signatures = (await Promise.all(FILES.map(async (file) => parsePackFile(file, await readFile(new URL(`../../packs/${file}`, import.meta.url), 'utf8')).signatures))).flat();
const engine = await createEngine(createRuleSet({ ...(await readRuleSources({ packs: [] })), signatures }));
const { rules, native } = engine.scanner;
const site = siteTokens(native, Buffer.alloc(32, 7));

/** What stands at the widest places found in a field, in order. */
function found(field: string, text: string): readonly string[] {
  const spans = exactMatches(decodeTokens(JSON.stringify({ [field]: text })), rules).filter((d) => d.field === field && d.view === '').map((d) => d.span);
  const widest = spans.filter((a) => !spans.some((b) => b.start <= a.start && b.end >= a.end && b.end - b.start > a.end - a.start));
  return [...new Set(widest.toSorted((a, b) => a.start - b.start).map(({ start, end }) => text.slice(start, end)))];
}

const TOLD: readonly (readonly [string, readonly string[]])[] = [
  ['Patient Maria Garcia, 45F, dx hypertension, on lisinopril', ['hypertension', 'lisinopril']],
  ['I was told I have stage 3 breast cancer', ['breast cancer']],
  ['My doctor put me on Wegovy', ['Wegovy']],
  ['PMH: asthma, GERD and gout. Otherwise well', ['asthma, GERD and gout']],
  ['Meine Tochter hat Neurodermitis', ['Neurodermitis']],
  ['Ich habe seit Jahren Migräne', ['Migräne']],
  ['metoprolol succinate 25 mg daily', ['metoprolol succinate 25 mg daily']],
  ['Labs: HbA1c 9.1 %, TSH 6.2', ['9.1 %', '6.2']],
  ['her HIV test came back positive', ['HIV test came back positive']],
  ['Mrs Doe underwent a mastectomy', ['mastectomy']],
  ['MSH|^~\\&|EHR|CLINIC\rPID|1||4711^^^MR||DOE^JANE\rZZZ|keep', ['MSH|^~\\&|EHR|CLINIC', 'PID|1||4711^^^MR||DOE^JANE']],
  ['see {"resourceType":"Patient","name":[{"family":"Doe"}]} here', ['{"resourceType":"Patient","name":[{"family":"Doe"}]}']],
];

const SILENT: readonly string[] = [
  'Top 10 tips for managing type 2 diabetes at home', 'The study included 500 patients with hypertension treated with amlodipine', 'What is the difference between type 1 and type 2 diabetes?', 'my add to cart button is broken', 'I have 2 TB of storage', 'I want the Cancer zodiac necklace for my sister',
  'The most common side effects of metformin are nausea and diarrhea.', 'Plugin diagnosis failed: timeout', 'Ibuprofen gel 5% 100g', 'Store at room temp 20 C', 'Wer an Heuschnupfen leidet, fragt den Arzt', 'pulse 200 watt led', 'Viele Menschen leiden an Bluthochdruck',
];

describe('a sentence', () => {
  test.each(TOLD)('%j tells %j', (text, expected) => {
    expect(found('message', text)).toEqual(expected);
  });

  test.each(SILENT)('%j tells of nobody', (text) => {
    expect(found('message', text)).toEqual([]);
    expect(found('ai.prompt', text)).toEqual([]);
  });
});

test('the same words are health data in a form and none in a product', () => {
  expect(found('wordpress.form.medical_history', 'Asthma, hypertension')).toEqual(['Asthma, hypertension']);
  expect(found('woocommerce.product.name', 'Rx: my asthma medications: albuterol')).toEqual([]);
});

test(`nothing of health is left in what was masked, seed ${SEED}`, () => {
  const random = seededRandom(SEED);
  const parts = [...TOLD.map(([text]) => text), ...SILENT, 'MRN 00123456', 'NPI: 1234567893', 'member id W123456789, Aetna', 'https://clinic.example/telehealth/visits/8812/recording.mp4', 'people', 'my', 'order 4711023', 'ICD-10', 'E11.9'];
  for (let round = 0; round < ROUNDS; round++) {
    const text = Array.from({ length: random.between(1, 5) }, () => random.pick(parts)).join(random.pick([' ', '. ', ', ', '\n', ' and ']));
    const line = JSON.stringify({ [random.pick(['message', 'note.text', 'url.query'])]: text });
    const cleaned = cleanLine(engine.scanner, line, hitsOf(engine.scanner, line), site).line;
    expect(exactMatches(decodeTokens(cleaned), rules).map((d) => `${d.rule.signature.id} ${d.text} of ${line}`)).toEqual([]);
  }
});
