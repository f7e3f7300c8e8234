import process from 'node:process';
import { exampleFailures } from '../../../detect/rules/signature-examples.ts';
import { harmless } from '../../../detect/sigma/language/print-problems.ts';
import { runRuleTests, untestedRules } from '../../../detect/rules/rule-tests.ts';
import type { RuleTestResult } from '../../../detect/rules/rule-tests.ts';
import { shortName } from '../../../detect/rules/rule-named.ts';
import { counted } from './lint.ts';
import { openRules } from './opened-rules.ts';
import { refuseProblems } from './refused.ts';

/** Runs the tests beside rules and the examples of signatures. Exit code 1 when one fails or rules do not load. */
export async function test(paths: readonly string[], options: { readonly json?: true }): Promise<number> {
  const opened = openRules(paths);
  if (refuseProblems(opened)) return 1;
  const results = runRuleTests(opened.all, opened.tests, opened.surroundings);
  const failed = results.filter((result) => !result.passed);
  const examples = exampleFailures(opened.signatures);
  const untested = untestedRules(opened.rules, results);
  const code = failed.length + examples.length === 0 ? 0 : 1;
  if (options.json === true) {
    process.stdout.write(`${JSON.stringify({ tests: results.length, failed: failed.map(failureJson), examples, untested: untested.map(({ rule, lacks }) => ({ rule: shortName(rule), lacks })) })}\n`);
    return code;
  }
  for (const result of failed) process.stdout.write(`${printFailure(result)}\n`);
  for (const { signature, kind, index, because } of examples) process.stdout.write(`FAILED  ${signature}: ${kind} example ${index + 1} ${because}\n`);
  for (const { rule, lacks } of untested) process.stdout.write(`untested  ${harmless(shortName(rule))} has no ${lacks.join(' and no ')} test\n`);
  const examplesRun = opened.signatures.reduce((sum, { positive, negative }) => sum + positive.length + negative.length, 0);
  process.stdout.write(`${counted(results.length, 'test')} of rules, ${failed.length} failed; ${counted(examplesRun, 'example')} of signatures, ${examples.length} failed; ${counted(untested.length, 'rule')} without a positive or negative test.\n`);
  return code;
}

function printFailure({ test: { place, title }, rule, because }: RuleTestResult): string {
  const lines = because.trimEnd().split('\n').map((line) => `    ${line}\n`).join('');
  return `FAILED  ${harmless(title)}\n  ${place.file}:${place.line}:${place.column}${rule === undefined ? '' : `  ${harmless(shortName(rule))}`}\n${lines}`;
}

function failureJson({ test: { place, title, rule }, because }: RuleTestResult): object {
  return { title, rule, place, because };
}
