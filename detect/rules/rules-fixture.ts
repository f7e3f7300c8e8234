import { SHIPPED_MAPPINGS } from '../rule-set/read-sources.ts';
import { loadMappings } from '../sigma/mappings/load-mappings.ts';
import { readRules } from '../sigma/language/read-rules.ts';
import { printProblems } from '../sigma/language/print-problems.ts';
import { ruleFilesOf } from '../sigma/language/rule-files.ts';
import type { Surroundings } from '../sigma/naive/matches.ts';
import type { SigmaRules } from '../sigma/rule.ts';
import { viewsOf } from '../views/views.ts';
import { readTests } from './read-tests.ts';
import type { RuleTest } from './rule-test.ts';

/** For tests: the shipped mappings and views. */
export function shippedSurroundings(): Surroundings {
  const { mappings, problems } = loadMappings(ruleFilesOf([SHIPPED_MAPPINGS]).files);
  if (problems.length > 0) throw new Error(printProblems(problems, []));
  return { mappings, views: (text) => viewsOf(text).map((view) => view.text) };
}

/** For tests: rules of a text. Throws their problems. */
export function rulesOfText(text: string, file = 'x.yml'): SigmaRules {
  const files = [{ file, text }];
  const { rules, problems } = readRules(files);
  if (problems.length > 0) throw new Error(printProblems(problems, files));
  return rules;
}

export function testsOfText(text: string, file = 'x.test.yml'): readonly RuleTest[] {
  const files = [{ file, text }];
  const { tests, problems } = readTests({ file, text });
  if (problems.length > 0) throw new Error(printProblems(problems, files));
  return tests;
}
