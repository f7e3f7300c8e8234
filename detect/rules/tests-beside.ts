import { existsSync, statSync } from 'node:fs';
import { ruleFilesOf } from '../sigma/language/rule-files.ts';
import type { Problem, RuleFile } from '../sigma/rule.ts';
import { readTests } from './read-tests.ts';
import type { RuleTest } from './rule-test.ts';
import { testFileOf } from './rule-test.ts';

export interface TestsBeside {
  readonly tests: readonly RuleTest[];
  readonly problems: readonly Problem[];
  /** The files of tests themselves, for excerpts. */
  readonly files: readonly RuleFile[];
}

/** Reads the files of tests that stand beside rule files, where there are any. */
export function readTestsBeside(ruleFiles: readonly Pick<RuleFile, 'file'>[]): TestsBeside {
  const names = ruleFiles.map(({ file }) => testFileOf(file)).filter((name) => name !== undefined).filter(isFile);
  const found = ruleFilesOf([...new Set(names)]);
  const read = found.files.map((file) => readTests(file));
  return { tests: read.flatMap(({ tests }) => tests), problems: [...found.problems, ...read.flatMap(({ problems }) => problems)], files: found.files };
}

function isFile(name: string): boolean {
  return existsSync(name) && statSync(name).isFile();
}
