import { describe, expect, it } from 'vitest';
import { corpusFiles } from '../../../contracts/reference-data.ts';
import { readRules } from '../language/read-rules.ts';
import type { Condition } from '../rule.ts';
import { compileRegex } from './compile-regex.ts';
import { regexProblem } from './regex-problem.ts';

const files = ['sigma/rules', 'sigma/rules-emerging-threats', 'sigma/rules-threat-hunting'].flatMap((folder) => corpusFiles(folder, '.yml') ?? []).filter(({ text }) => /\|re\b/.test(text));

function regexesOf(condition: Condition): readonly { readonly pattern: string; readonly flags: string }[] {
  if (condition.kind === 'match') return condition.test.kind === 'regex' ? [condition.test] : [];
  return condition.kind === 'not' ? regexesOf(condition.of) : condition.of.flatMap((one) => regexesOf(one));
}

describe('the patterns of published rules', () => {
  const regexes = readRules(files, { placeholders: { known_cdcs: ['cdc'] } }).rules.detections.flatMap((rule) => regexesOf(rule.condition));

  it.runIf(files.length > 0)('are all supported', () => { // The corpora are absent on a user's machine; in CI that is an error.
    expect(regexes.length).toBeGreaterThanOrEqual(200);
    expect(regexes.filter(({ pattern, flags }) => regexProblem(pattern, flags) !== undefined)).toEqual([]);
  });

  it.runIf(files.length > 0)('are searched for by both engines', () => { // The corpora are absent on a user's machine; in CI that is an error.
    const engines = regexes.map(({ pattern, flags }) => compileRegex(pattern, flags).engine);
    expect(engines.filter((engine) => engine === 'linear').length).toBeGreaterThan(50);
    expect(engines.filter((engine) => engine === 'backtracking').length).toBeGreaterThan(50);
  });
});
