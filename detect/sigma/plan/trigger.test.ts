import { describe, expect, test } from 'vitest';
import { readRules } from '../language/read-rules.ts';
import { combineMappings, parseSource } from '../mappings/mapping.ts';
import type { DetectionRule } from '../rule.ts';
import { triggerOf } from './trigger.ts';

const source = (text: string): NonNullable<ReturnType<typeof parseSource>> => parseSource(text) ?? { kind: 'field', name: text };

const mappings = combineMappings([{
  file: 'test-mapping.yml',
  events: [{ when: [], serves: [{ category: 'test' }] }],
  fields: new Map([['uri', [[source('{path}?{query}')]]], ['extension', [[source('extension(path)')]]], ['mapped', [[source('other.name')]]], ['seen', [[source('scan.rule')]]]]),
}]);

function ruleOf(detection: object): DetectionRule {
  const text = JSON.stringify({ title: 'A test of triggers', logsource: { category: 'test' }, detection });
  const { rules: { detections: [rule] }, problems } = readRules([{ file: 'test.yml', text }]);
  if (rule === undefined) throw new TypeError(JSON.stringify(problems));
  return rule;
}

/** The texts of a rule's atoms, or `always`. */
function atomsOf(detection: object): string {
  const rule = ruleOf(detection);
  const trigger = triggerOf(rule.condition, (name) => mappings.fieldPath(name, rule.logsource));
  if (trigger === undefined) return 'always';
  return trigger.map(({ kind, text, decoded }) => (text === '' ? kind : kind === 'scan' ? `scan ${text}` : text) + (decoded ? ' decoded' : '')).join(' | ');
}

const select = (selection: unknown): object => ({ s: selection, condition: 's' });

describe('the trigger of a test', () => {
  test.each<[object | readonly string[], string]>([
    [{ Image: 'C:\\tool.exe' }, '"c:\\tool.exe"'],
    [{ 'Image|endswith': '\\mimikatz.exe' }, '\\mimikatz.exe"'],
    [{ 'Image|startswith': 'C:\\Perf' }, '"c:\\perf'],
    [{ 'Command|contains': 'sekurlsa::' }, 'sekurlsa::'],
    [{ 'Command|contains': 'Größenwahn' }, 'enwahn'],
    [{ Command: 'one*twelve' }, 'twelve"'],
    [{ Command: 'one\\*twelve' }, '"one*twelve"'],
    [{ 'cs-method': 'GET' }, '"get"'],
    // Numbers may be spelled otherwise in the line, booleans stand without quotes.
    [{ EventID: 4625 }, '"eventid"'],
    [{ 'Code|contains': '1.5' }, '"code"'],
    [{ 'Code|contains': '10.20.30.40' }, '10.20.30.40'],
    [{ 'Code|endswith': 'e7' }, '"code"'],
    [{ Enabled: true }, '"enabled"'],
    [{ 'Enabled|endswith': 'rue' }, '"enabled"'],
    [{ Value: 'Infinity' }, '"value"'],
    // Nothing but the field itself.
    [{ 'Size|gt': 7 }, '"size"'],
    [{ 'Address|cidr': '10.0.0.0/8' }, '"address"'],
    [{ 'Key|exists': true }, '"key"'],
    [{ 'a.b|exists': true }, '"b" | .b"'],
    [{ 'mapped|exists': true }, '"mapped" | "name" | .name"'],
    [{ 'First|fieldref': 'cs-method' }, '"first"'],
    [{ Empty: '' }, '"empty"'],
    [{ 'cs-user-agent': '' }, 'empty | cs-user-agent"'],
    // What many audit events say gives way to what few do.
    [{ 'event.category': 'data_access', 'event.action': 'secret-read' }, '"secret-read"'],
    [{ 'event.category': 'data_access', 'event.action': ['rest-read', 'ajax-read'] }, '"rest-read" | "ajax-read"'],
    [{ 'event.action': 'order-created', 'user.roles': 'patient' }, '"patient"'],
    [{ 'event.category': 'outbound', 'event.action': 'http-request', 'wordpress.outbound.query_bytes|gte': 512 }, '"query_bytes" | .query_bytes"'],
    // Joined of parts that stand elsewhere in the line, or part of one.
    [{ uri: '/cgi-bin/test?cmd=1' }, '"/cgi-bin/test'],
    [{ 'uri|endswith': 'x?interact.sh' }, 'interact.sh"'],
    [{ 'uri|contains': '5?404' }, '404 | odd'],
    [{ extension: 'hta' }, '"hta" | .hta"'],
    [{ 'Text|decoded': 'xp_cmdshell' }, 'xp_cmdshell decoded'],
    [{ 'scan.class': 'attack.sqli' }, 'scan "attack.sqli" | "attack.sqli"'],
    [{ 'scan.class|startswith|cased': 'attack.' }, 'scan "attack. | "attack.'],
    [{ 'scan.class|decoded': 'attack.sqli' }, 'scan | attack.sqli decoded'],
    [{ 'scan.class|exists': true }, 'scan | "class" | .class"'],
    [{ 'seen|exists': true }, 'scan | "seen" | "rule" | .rule"'],
    [['xp_cmdshell'], 'xp_cmdshell'],
    [[4625], '4625 | odd'],
    [{ 'cs-user-agent': 20112211 }, '20112211 | odd'],
  ])('%j: %s', (selection, atoms) => {
    expect(atomsOf(select(selection))).toBe(atoms);
  });
});

describe('the trigger of a condition', () => {
  const parts = { one: { 'A|contains': 'powerdump' }, two: { 'B|contains': 'mimikatz-kit' }, none: { C: null }, there: { 'D|exists': true } };

  test.each([
    ['one or two', 'powerdump | mimikatz-kit'],
    ['one and two', 'mimikatz-kit'],
    ['one and not two', 'powerdump'],
    ['not one', 'always'],
    ['not (not one)', 'powerdump'],
    ['not (not one and not two)', 'powerdump | mimikatz-kit'],
    ['none', 'always'],
    ['not none', '"c"'],
    ['none or one', 'always'],
    ['none and one', 'powerdump'],
    ['not there', 'always'],
    ['1 of them', 'always'],
  ])('%s: %s', (condition, atoms) => {
    expect(atomsOf({ ...parts, condition })).toBe(atoms);
  });

  test('a long list of texts gives way to the key of a field that is seldom there', () => {
    const names = Array.from({ length: 400 }, (_, i) => `malicious-${i}.example`);
    expect(atomsOf(select({ QueryName: names }))).toBe('"queryname"');
    expect(atomsOf(select({ 'cs-host': names })).split(' | ')).toHaveLength(400);
  });
});
