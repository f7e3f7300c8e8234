import process from 'node:process';
import type { OpenedRules } from './opened-rules.ts';

/** Prints what is wrong with the rules, to standard error; false when nothing is. */
export function refuseProblems({ problems, print }: Pick<OpenedRules, 'problems' | 'print'>): boolean {
  if (problems.length === 0) return false;
  process.stderr.write(`${print(problems).trimEnd()}\n`);
  return true;
}
