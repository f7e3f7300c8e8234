import { describe, expect, test } from 'vitest';
import { findMasks } from '../../contracts/masked-span.ts';
import { tokenOf } from '../../contracts/token.ts';
import { hitsOf } from '../scanner.ts';
import { shippedScanner } from '../scanner-fixture.ts';
import { cleanLine } from './cleaned-line.ts';
import type { CleanedLine } from './cleaned-line.ts';
import { siteTokens } from './site-tokens.ts';

const KEY = Buffer.alloc(32, 7);
const scanner = await shippedScanner();
const site = siteTokens(scanner.native, KEY);
const clean = (line: string): CleanedLine => cleanLine(scanner, line, hitsOf(scanner, line), site);
const mask = (dataClass: string, kind: 'email' | 'digits', value: string): string => `\u27e6${dataClass}:${tokenOf(KEY, kind, value)}\u27e7`;
const EMAIL = mask('pii.email', 'email', 'jane@clinic.example');
const CARD = mask('pci.pan', 'digits', '4111111111111111');

describe('masking', () => {
  test.each([
    ['a text', '{"m":"to jane@clinic.example."}', `{"m":"to ${EMAIL}."}`],
    ['another spelling of the same address', '{"m":"Jane@Clinic.Example"}', `{"m":"${EMAIL}"}`],
    ['a JSON escape', '{"m":"\\njane\\u0040clinic.example\\n"}', `{"m":"\\n${EMAIL}\\n"}`],
    ['a percent escape', '{"q":"a=1&e=%20jane%40clinic.example&b=2"}', `{"q":"a=1&e=%20${EMAIL}&b=2"}`],
    ['a double percent escape', '{"q":"e=jane%2540clinic.example"}', `{"q":"e=${EMAIL}"}`],
    ['entities', '{"m":"to jane&#64;clinic&period;example."}', `{"m":"to ${EMAIL}."}`],
    ['full-width letters', '{"m":"to \uff4aane\uff20clinic.example"}', `{"m":"to ${EMAIL}"}`],
    ['a JSON text within a text', '{"m":"{\\"m\\":\\"jane\\\\u0040clinic.example\\"}"}', `{"m":"{\\"m\\":\\"${EMAIL}\\"}"}`],
    ['a run of base64, as a whole', `{"q":"a=${btoa('mail jane@clinic.example now')}&b=2"}`, `{"q":"a=${EMAIL}&b=2"}`],
    ['a run of hexadecimal digits, as a whole', `{"q":"a=0x${Buffer.from('jane@clinic.example').toString('hex')}&b=2"}`, `{"q":"a=${EMAIL}&b=2"}`],
    ['what a comment parts', '{"m":"4111 1111/**/1111 1111 x"}', `{"m":"${CARD} x"}`],
    ['a number', '{"n":4111111111111111,"o":1}', `{"n":"${CARD}","o":1}`],
    ['a number with a sign', '{"n":-4111111111111111}', `{"n":"-${CARD}"}`],
    ['a card before its expiry date', '{"m":"4111 1111 1111 1111 12/27"}', `{"m":"${CARD} 12/27"}`],
    ['a card with plus signs', '{"q":"c=4111+1111+1111+1111"}', `{"q":"c=${CARD}"}`],
    ['a key', '{"jane@clinic.example":{"a":1}}', `{"${EMAIL}":{"a":1}}`],
  ])('replaces %s and leaves the rest as it was', (_name, line, masked) => {
    expect(clean(line).line).toBe(masked);
  });

  test('reports where a match stands in the decoded value', () => {
    const { detections } = clean('{"url":{"query":"e=jane%40clinic.example"},"a":[{"b":"\\n4111111111111111"}]}');
    expect(detections.map((d) => [d.field, d.span.start, d.span.end])).toEqual([['url.query', 2, 23], ['a.b', 1, 17]]);
  });

  test('says which view a match was found in', () => {
    const views = (line: string): readonly string[] => clean(line).detections.map((d) => d.view);
    expect(views('{"m":"jane@clinic.example"}')).toEqual(['']);
    expect(views('{"m":"jane%2540clinic.example"}')).toEqual(['percent2']);
    expect(views(`{"message":"${btoa('%26lt%3Bscript%26gt%3B')}"}`)).toContain('base64>percent>html');
  });

  test('names no field by the personal data in its key', () => {
    const { detections } = clean('{"jane@clinic.example":{"card":4111111111111111}}');
    expect(detections.map((d) => d.field)).toEqual(['(key)', `${EMAIL}.card`]);
  });

  test('replaces overlapping matches by one mask and reports them all', () => {
    const key = `sk-${'ant-api03-Zr8vQ2nL5xKc7TbW1yHd9JfM3sGpA6uE0iRo'}`;
    const cleaned = clean(JSON.stringify({ m: key }));
    expect(cleaned.detections.map((d) => d.rule.signature.id)).toEqual(['tourniquet.secrets.anthropic', 'tourniquet.secrets.openai']);
    expect(cleaned.spans).toBe(1);
    expect(findMasks(cleaned.line)).toHaveLength(1);
  });

  test('leaves none of many out', () => {
    const cleaned = clean(JSON.stringify({ m: 'a@b.co '.repeat(6_000) }));
    expect(cleaned.spans).toBe(6_000);
    expect(cleaned.line).not.toContain('@');
  });

  test('leaves attacks as they came', () => {
    const line = '{"q":"1 union select 2"}';
    expect(clean(line)).toMatchObject({ line, spans: 0 });
    expect(clean(line).detections.map((d) => d.rule.signature.class)).toContain('attack.sqli');
  });
});
