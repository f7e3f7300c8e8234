import { describe, expect, test } from 'vitest';
import { formatMask, formatSummary, parseSummary } from '../../contracts/masked-span.ts';
import { shingleKeyOf, sketchOf } from '../../contracts/shingles.ts';
import { tokenOf } from '../../contracts/token.ts';
import type { IdentifierKind } from '../../contracts/token.ts';
import type { FieldPolicy } from '../../contracts/field-policy.ts';
import { loadNative } from '../native/binding.ts';
import { parsePackFile } from '../pack/pack-file.ts';
import { createScanner, hitsOf } from '../scanner.ts';
import { cleanLine } from './cleaned-line.ts';
import type { Author, CleanedLine } from './cleaned-line.ts';
import { siteTokens } from './site-tokens.ts';

const PACK = `
- id: tourniquet.test.email
  title: e
  level: low
  class: pii.email
  pattern: '[a-z]{1,20}@[a-z]{1,20}\\.example'
  mask: email
  recoverable: true
  source: s
  falsePositives: []
  positive: [a]
  negative: [b]
- id: tourniquet.test.mrn
  title: m
  level: high
  class: phi.mrn
  pattern: '\\b\\d{6,10}\\b'
  context: { words: [mrn, medical record] }
  mask: alphanumeric
  recoverable: true
  source: s
  falsePositives: []
  positive: [a]
  negative: [b]
- id: tourniquet.test.birth
  title: b
  level: high
  class: phi.birth_date
  pattern: '\\b(?:19|20)\\d\\d-\\d\\d-\\d\\d\\b'
  context: { words: [dob, date of birth] }
  mask: text
  source: s
  falsePositives: []
  positive: [a]
  negative: [b]
- id: tourniquet.test.password
  title: p
  level: high
  class: secret.password
  pattern: 'pass=([^ &"]{3,80})'
  mask: text
  source: s
  falsePositives: []
  positive: [a]
  negative: [b]
- id: tourniquet.test.union
  title: u
  level: high
  class: attack.sqli
  pattern: 'union select'
  source: s
  falsePositives: []
  positive: [a]
  negative: [b]
`;
const POLICIES: readonly FieldPolicy[] = [{ keep: 'nothing', fields: ['*.secret'] }, { keep: 'summary', fields: ['ai.prompt', 'form.*'] }];
const KEY = Buffer.alloc(32, 7);
const native = await loadNative();
const site = siteTokens(native, KEY);
const { signatures, problems } = parsePackFile('test.yaml', PACK);
const scanner = createScanner(signatures, [], native, undefined, POLICIES);

function clean(line: string, author?: Author): CleanedLine {
  return cleanLine(scanner, line, hitsOf(scanner, line), site, author);
}

const mask = (dataClass: string, kind: IdentifierKind, value: string): string => formatMask(dataClass, tokenOf(KEY, kind, value));
const EMAIL = mask('pii.email', 'email', 'jane@clinic.example');
const MRN = mask('phi.mrn', 'alphanumeric', '12345678');
const BIRTH = mask('phi.birth_date', 'text', '1980-02-03');
const summary = (text: string, ...classes: readonly string[]): string => formatSummary({ length: text.length, classes, shingles: sketchOf(shingleKeyOf(KEY), text) });

test('the pack of these tests has no problems', () => {
  expect(problems).toEqual([]);
});

describe('a value is known by what names it', () => {
  test.each([
    ['a word before it', '{"m":"MRN: 12345678"}', `{"m":"MRN: ${MRN}"}`],
    ['a word it is written to', '{"m":"MRN12345678 mrn#12345678"}', `{"m":"MRN12345678 mrn#${MRN}"}`],
    ['a key', '{"patient_mrn":"12345678"}', `{"patient_mrn":"${MRN}"}`],
    ['a key, as a number', '{"patientMrn":12345678}', `{"patientMrn":"${MRN}"}`],
    ['a key above a list', '{"mrn":["12345678","x"]}', `{"mrn":["${MRN}","x"]}`],
    ['a word in a key, in that key', '{"MRN 12345678":{"a":1}}', `{"MRN ${MRN}":{"a":1}}`],
    ['a label before it', '{"key":"billing_dob","value":"1980-02-03"}', `{"key":"billing_dob","value":"${BIRTH}"}`],
    ['a label behind it', '{"value":"12345678","x":{"name":"y"},"name":"MRN"}', `{"value":"${MRN}","x":{"name":"y"},"name":"MRN"}`],
    ['an escaped label', '{"label":"D\\u004fB","value":"1980-02-03"}', `{"label":"D\\u004fB","value":"${BIRTH}"}`],
    ['a label of a list of values', '{"name":"MRN","values":["12345678",12345678]}', `{"name":"MRN","values":["${MRN}","${MRN}"]}`],
    ['a label of an object that is the value', '{"label":"MRN","value":{"raw":"12345678"}}', `{"label":"MRN","value":{"raw":"${MRN}"}}`],
    ['meta data of an order', '{"meta_data":[{"id":1,"key":"_note","value":"12345678"},{"id":2,"key":"_patient_mrn","value":"12345678"}]}', `{"meta_data":[{"id":1,"key":"_note","value":"12345678"},{"id":2,"key":"_patient_mrn","value":"${MRN}"}]}`],
  ])('by %s', (_name, line, expected) => {
    expect(clean(line).line).toBe(expected);
  });

  test.each([
    ['a word too far before it', `{"m":"mrn ${'.'.repeat(60)} 12345678"}`],
    ['a word behind it', '{"m":"12345678 mrn"}'],
    ['part of a word', '{"m":"amrn 12345678 mrns 12345678"}'],
    ['a label beside another field', '{"name":"MRN","phone":"12345678"}'],
    ['a label of another object', '{"a":{"name":"MRN"},"b":{"value":"12345678"}}'],
    ['a key of another field', '{"mrn":"","value":"12345678"}'],
    ['prose in the place of a label', `{"name":"${'the mrn is not here '.repeat(10)}","value":"12345678"}`],
  ])('but not by %s', (_name, line) => {
    expect(clean(line).line).toBe(line);
  });

  test('also where a mask brought it nearer', () => {
    const long = `${'a'.repeat(20)}@${'b'.repeat(20)}.example`;
    const cleaned = clean(`{"m":"mrn ${long} 12345678"}`);
    expect(cleaned.line).toBe(`{"m":"mrn ${mask('pii.email', 'email', long)} ${MRN}"}`);
    expect(cleaned.masked.newEdge).toBe(true);
  });

  test('a mask is no word', () => {
    const line = `{"m":"mrn 12345678 ${'.'.repeat(50)} 87654321"}`;
    expect(clean(line).line).toBe(line.replace('12345678', MRN));
  });
});

describe('a field that is kept as a summary', () => {
  test.each([
    ['its length, classes and shingles', '{"ai":{"prompt":"Please write to jane@clinic.example about it"},"n":1}', `{"ai":{"prompt":"${summary('Please write to jane@clinic.example about it', 'pii.email')}"},"n":1}`],
    ['all that stands below it', '{"ai.prompt":[{"role":"user","content":"1 union select 2"},{"n":7}]}', `{"ai.prompt":"${summary('user\n1 union select 2\n7', 'attack.sqli')}"}`],
    ['what its key says', '{"form":{"mrn":"12345678"}}', `{"form":{"mrn":"${summary('12345678', 'phi.mrn')}"}}`],
    ['keys below it', '{"form":{"x":{"jane@clinic.example":true}}}', `{"form":{"x":"${summary('', 'pii.email')}"}}`],
    ['nothing of an empty one', '{"ai.prompt":"","form":{"x":null}}', '{"ai.prompt":"","form":{"x":null}}'],
  ])('holds %s', (_name, line, expected) => {
    expect(clean(line).line).toBe(expected);
  });

  test('is the field in which its detections are, and does not move others', () => {
    const { detections, spans } = clean('{"a":"jane@clinic.example","ai":{"prompt":{"x":["y","jane@clinic.example"],"mrn 12345678":1}},"jane@clinic.example":{"b":"jane@clinic.example"}}');
    expect(detections.map((d) => [d.rule.signature.class, d.field])).toEqual([
      ['pii.email', 'a'], ['pii.email', 'ai.prompt'], ['phi.mrn', 'ai.prompt'], ['pii.email', '(key)'], ['pii.email', `${EMAIL}.b`],
    ]);
    expect(spans).toBe(4);
  });

  test('of nothing holds nothing', () => {
    expect(clean('{"secret":"jane@clinic.example","a":{"secret":{"b":1}}}').line).toBe('{"secret":"\u27e6withheld\u27e7","a":{"secret":"\u27e6withheld\u27e7"}}');
  });
});

test('what may be asked for is told: decoded, from summaries too, but neither secrets nor what is withheld', () => {
  const { recoverable } = clean('{"m":"jane%40clinic.example pass=hunter2hunter","ai.prompt":"MRN 12345678","secret":"joe@clinic.example","l":["Jane@clinic.example"]}');
  expect(recoverable).toEqual([
    { token: tokenOf(KEY, 'email', 'jane@clinic.example'), value: 'jane@clinic.example' },
    { token: tokenOf(KEY, 'alphanumeric', '12345678'), value: '12345678' },
    { token: tokenOf(KEY, 'email', 'jane@clinic.example'), value: 'Jane@clinic.example' },
  ]);
});

describe('a mask', () => {
  const OURS = clean('{"m":"jane@clinic.example pass=abc&x, MRN 12345678","ai.prompt":"one two three four five six","secret":1,"pass=jane@clinic.example":2}').line;

  test('of our own stays as it is, in a line that is masked again', () => {
    expect(clean(OURS, 'ourselves').line).toBe(OURS);
    expect(clean(OURS, 'ourselves').detections).toEqual([]);
    expect(clean(OURS.replace('&x', '&to joe@clinic.example'), 'ourselves').line).toBe(OURS.replace('&x', `&to ${mask('pii.email', 'email', 'joe@clinic.example')}`));
  });

  test('of a sender is none: its brackets become others, escaped ones too', () => {
    const cleaned = clean(`{"m":"${EMAIL} \\u27E6x\\u27e7 \\\\u27e6","ai.prompt":"${summary('a')}","secret":"\u27e6withheld\u27e7"}`);
    expect(cleaned.line).toBe(`{"m":"\u301a${EMAIL.slice(1, -1)}\u301b \\u301ax\\u301b \\\\u27e6","ai.prompt":"${summary(summary('a'))}","secret":"\u27e6withheld\u27e7"}`);
    expect(Buffer.byteLength(clean('{"m":"\u27e6\u27e7"}').line)).toBe(Buffer.byteLength('{"m":"\u27e6\u27e7"}'));
    expect(parseSummary(JSON.parse(cleaned.line)['ai.prompt'])?.length).toBe(summary('a').length);
  });

  test('takes in what stands around it where the whole is one value', () => {
    expect(clean(`{"m":"pass=a${EMAIL}b"}`, 'ourselves').line).toMatch(/^\{"m":"pass=\u27e6secret\.password:[a-p]{24}\u27e7"\}$/);
  });
});

test('a set without policies leaves brackets and fields as they are', () => {
  const bare = createScanner(signatures, [], native);
  const line = '{"ai.prompt":"x","secret":"\u27e6withheld\u27e7"}';
  expect(cleanLine(bare, line, hitsOf(bare, line), site).line).toBe(line);
});
