import process from 'node:process';
import { createEngine } from '../../detect/engine.ts';
import { runRuleTests } from '../../detect/rules/rule-tests.ts';
import { openRules } from '../commands/rules/opened-rules.ts';
import { messageOf } from '../error-message.ts';
import { readConfiguredRules } from './configured-rules.ts';
import { openRuleSet, prepareRuleSet } from './prepared-rule-set.ts';
import type { CheckAnswer, CheckRequest, CompileRequest } from './rule-check.ts';

/** What is wrong with the tests beside the configured rules; undefined when they pass. A rule without tests is not refused. */
function failedTests(): string | undefined {
  const { rules, tests, problems, surroundings, print } = openRules([]);
  if (problems.length > 0) return print(problems);
  const failed = runRuleTests(rules, tests, surroundings).filter(({ passed }) => !passed);
  if (failed.length === 0) return undefined;
  // What follows the first line shows values of the test's events, which may be copies of real ones.
  const lines = failed.map(({ test: { place, title }, because }) => `${place.file}:${place.line}:${place.column}: the test "${title}" fails: ${because.split('\n', 1).join('')}`);
  return `${failed.length} tests of the rules fail ("tourniquet rules test" shows why):\n${lines.join('\n')}`;
}

async function check({ rules, cacheDirectory, known, inUse }: CheckRequest): Promise<CheckAnswer> {
  const { ruleSet, packed } = prepareRuleSet(await readConfiguredRules(rules), known);
  if (ruleSet.version === inUse) return { kind: 'same' };
  await createEngine(ruleSet, { cacheDirectory });
  const problem = failedTests();
  return problem === undefined ? { kind: 'ready', packed } : { kind: 'refused', problem };
}

async function compile({ cacheDirectory, packed }: CompileRequest): Promise<CheckAnswer> {
  await createEngine(openRuleSet(packed).ruleSet, { cacheDirectory });
  return { kind: 'ready', packed: '' };
}

async function answerTo(request: CheckRequest | CompileRequest): Promise<CheckAnswer> {
  try {
    return await (request.kind === 'check' ? check(request) : compile(request));
  } catch (error) {
    return { kind: 'refused', problem: messageOf(error) };
  }
}

process.once('message', (request) => {
  // Sent by rule-check.ts alone.
  void answerTo(request as CheckRequest | CompileRequest).then((answer) => process.send?.(answer));
});
