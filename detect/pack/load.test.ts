import { describe, expect, test } from 'vitest';
import { corpusRows } from '../../contracts/reference-data.ts';
import { createLineScan } from '../scan.ts';
import { detectionsOf, engineOf } from '../engine-fixture.ts';
import type { Example, Signature } from '../../contracts/pack.ts';
import { exampleLine } from '../rules/signature-examples.ts';
import { createPack, loadPack } from './load.ts';
import { parsePackFile } from './pack-file.ts';
import { patternProblem } from './pattern.ts';

const pack = await loadPack();
const lineScan = createLineScan(await engineOf());

function rulesIn(signature: Signature, example: Example): readonly string[] {
  return detectionsOf(lineScan, [exampleLine(signature, example)]).map((d) => d.rule);
}

describe('the shipped pack', () => {
  test('holds the signatures of all groups under names that stand once', () => {
    expect([...new Set(pack.signatures.map((s) => s.id.split('.')[1]))]).toEqual(expect.arrayContaining(['attacks', 'identity', 'payment', 'prompts', 'secrets', 'wordpress']));
    expect(new Set(pack.signatures.map((s) => s.id)).size).toBe(pack.signatures.length);
    expect(pack.signatures.length).toBeGreaterThanOrEqual(300);
  });

  test.each(pack.signatures.flatMap((s) => s.positive.map((example, i) => [s.id, i, s, example] as const)))('%s finds its example %i', (id, _i, signature, example) => {
    expect(rulesIn(signature, example)).toContain(id);
  });

  test.each(pack.signatures.flatMap((s) => s.negative.map((example, i) => [s.id, i, s, example] as const)))('%s leaves its look-alike %i', (id, _i, signature, example) => {
    expect(rulesIn(signature, example)).not.toContain(id);
  });

  test('raises nothing of level medium or above on recorded clean shop traffic', () => {
    const rows = corpusRows('woocommerce/requests.ndjson');
    if (rows === undefined) return;
    const lines = rows.map((row) => {
      // A row of the corpus as its README describes it.
      const { method, uri, status, headers } = row as { method: string; uri: string; status: number; headers: Record<string, string> };
      const [path, query] = uri.split('?');
      return JSON.stringify({ event: { action: 'http-request' }, url: { original: uri, path, query }, http: { request: { method }, response: { status_code: status } }, user_agent: { original: headers['user-agent'] } });
    });
    const loud = detectionsOf(lineScan, lines).filter((d) => d.level !== 'informational' && d.level !== 'low');
    expect(loud.map((d) => `${d.rule} ${lines[d.line] ?? ''}`)).toEqual([]);
  });
});

describe('a pack', () => {
  test('has a version that file names and order do not change, and any other word does', () => {
    expect(createPack('x', pack.signatures.toReversed()).version).toBe(pack.version);
    const [first, ...rest] = pack.signatures;
    if (first === undefined) throw new Error('the pack is empty');
    expect(createPack('x', [{ ...first, title: `${first.title}!` }, ...rest]).version).not.toBe(pack.version);
  });

  test('with mistakes is refused with the place of each', () => {
    const source = ['- id: tourniquet.x.y', '  title: T', '  level: loud', '  class: a.b', "  pattern: 'a('", '  colour: red', '  source: own', '  falsePositives: []', '  positive: [a]'].join('\n');
    expect(parsePackFile('x.yaml', source).problems).toEqual([
      { at: 'x.yaml:3:10', problem: 'level must be one of informational, low, medium, high, critical' },
      { at: 'x.yaml:5:12', problem: 'pattern is not a regular expression that JavaScript reads' },
      { at: 'x.yaml:6:3', problem: 'colour is not a key of a signature' },
      { at: 'x.yaml:1:3', problem: 'negative is missing' },
    ]);
  });

  test.each(['a\\s', '(?=a)', '(?<n>a)', '^a', 'a$', '(a)\\1', 'a*', '\\p{L}', '\u00e9', 'a('])('refuses the pattern %j', (pattern) => {
    expect(patternProblem(pattern)).toBeTypeOf('string');
  });

  test.each(['(?:a+)+b', '(?:a|A)*b', '(?:a|ab)*c', '(?:a*b*)+c', '(?:\\w+[.\\w])+x', '(?:a{1,9}){1,9}b', 'a{9000}', '(?:a{1,99}b){1,99}'])('refuses the pattern %j, which a hostile value keeps busy', (pattern) => {
    expect(patternProblem(pattern)).toMatch(/repe/);
  });

  test.each(['(?:[a-z]+\\.)+x', '(?:(?:ab)+c)+d', '(?:[ (]|/\\*[\\w ]*\\*/)+x', 'a{1,4000}b{1,4000}'])('takes the pattern %j, read in one way only', (pattern) => {
    expect(patternProblem(pattern)).toBeUndefined();
  });

  test.each(['a[^b]c', '\\$\\{x', 'a\\^b', '[$^]x', '(?:a|b){2}', 'a\\(?b', '\\\\s'])('takes the pattern %j', (pattern) => {
    expect(patternProblem(pattern)).toBeUndefined();
  });
});
