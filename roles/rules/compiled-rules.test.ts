import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { seededRandom } from '../../contracts/seeded-random.ts';
import { loadNative } from '../../detect/native/binding.ts';
import { compileRules } from './compiled-rules.ts';
import { prepareRuleSet } from './prepared-rule-set.ts';
import type { PreparedRuleSet } from './prepared-rule-set.ts';

const root = mkdtempSync(path.join(tmpdir(), 'tourniquet-compiled-'));
afterAll(() => rmSync(root, { recursive: true }));

const native = await loadNative();
const random = seededRandom(1);
/** Does not compress well: the set counts as a large one. */
const LARGE = `# ${random.digits(400_000)}`;

function prepared(level: string, comment = ''): PreparedRuleSet {
  const text = `title: a\nid: a\nlogsource: { product: wordpress }\ndetection: { it: { event.action: go }, condition: it }\nlevel: ${level}\n${comment}\n`;
  return prepareRuleSet({ signatures: [], sigma: [{ file: 'a.yml', text }], mappings: [], placeholders: {} }, { versions: [], last: undefined });
}

function compile(set: PreparedRuleSet, cache: string, signal = new AbortController().signal) {
  return compileRules(set, { native, cacheDirectory: path.join(root, cache), signal });
}

test('a large set that is not in the cache is compiled in another process, and opened from there', async () => {
  const { figures } = await compile(prepared('low', LARGE), 'large');
  expect(figures()).toMatchObject({ sigma: 1, judged: 0, considered_each: 1 });
  expect(readdirSync(path.join(root, 'large')).map((file) => file.split('-')[0]).toSorted()).toEqual(['part', 'plan']);
});

test('what is wrong with a large set is told as of a small one, and is not worth another try', async () => {
  const small: unknown = await compile(prepared('lwo'), 'small').catch((error: unknown) => error);
  const large: unknown = await compile(prepared('lwo', LARGE), 'wrong').catch((error: unknown) => error);
  expect(small).toMatchObject({ code: 'TQ-DETECT-07', retryable: false });
  expect(large).toMatchObject({ name: 'RulesRefused', retryable: false, message: small instanceof Error ? small.message : '' });
});

test('only a large set needs the other process', async () => {
  const stopped = AbortSignal.abort();
  await expect(compile(prepared('high', LARGE), 'stopped', stopped)).rejects.toMatchObject({ name: 'AbortError' });
  expect((await compile(prepared('high'), 'stopped', stopped)).figures().sigma).toBe(1);
});
