import { expect, test } from 'vitest';
import { consider } from './consideration.ts';
import { rulesOfText, shippedSurroundings } from './rules-fixture.ts';

const surroundings = shippedSurroundings();
const WEB = { event: { dataset: 'nginx.access', category: 'http' } };

function considered(detection: string, logsource: string, event: Readonly<Record<string, unknown>>, fixed?: Parameters<typeof consider>[2]): readonly [boolean, string] {
  const [rule] = rulesOfText(`title: T\nname: t\nlogsource: ${logsource}\ndetection: ${detection}\n`).detections;
  if (rule === undefined) throw new Error('the text holds no rule');
  const { considered: answer, because } = consider(rule, event, fixed, surroundings);
  return [answer, because];
}

const ASKS = '{ a: { x: y }, condition: a }';
const DENIES = '{ a: { x: y }, condition: not a }';

test.each([
  ['an event that serves the log source', ASKS, '{ category: webserver }', WEB, undefined, [true, 'the event serves category: webserver']],
  ['an event that serves more than is asked', ASKS, '{ product: nginx }', WEB, undefined, [true, 'the event serves product: nginx']],
  ['an event that serves another', ASKS, '{ product: windows, category: process_creation }', { event: { dataset: 'wordpress.audit' } }, undefined, [false, 'the rule asks for category: process_creation, product: windows, the event serves category: application, product: wordpress, service: audit']],
  ['an event that nobody knows', ASKS, '{ product: windows }', { x: 1 }, undefined, [true, 'no mapping knows the event: every rule is considered that asks for something']],
  ['an event that nobody knows, of a rule that only denies', DENIES, '{ product: windows }', { x: 1 }, undefined, [false, 'no mapping knows the event, and the rule would match an event without any field']],
  ['what a person says', ASKS, '{ product: windows }', WEB, { product: 'windows' }, [true, 'the event serves product: windows']],
  ['any log source', DENIES, '{ product: windows }', WEB, 'any', [true, 'every rule is considered']],
] as const)('a rule is considered, or not, for %s', (_what, detection, logsource, event, fixed, expected) => {
  expect(considered(detection, logsource, event, fixed)).toEqual(expected);
});
