import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RuleSetContent, SourceFile } from '../../contracts/rule-set.ts';
import { detectError } from '../errors.ts';
import { loadPolicies } from '../fields/load.ts';
import { loadPack, SHIPPED_PACK } from '../pack/load.ts';
import { printProblems } from '../sigma/language/print-problems.ts';
import { ruleFilesOf } from '../sigma/language/rule-files.ts';
import { loadAdded } from './added-packs.ts';

/** The Sigma rules and mappings that are shipped. */
export const SHIPPED_SIGMA: string = fileURLToPath(new URL('../rules/sigma/', import.meta.url));
export const SHIPPED_MAPPINGS: string = fileURLToPath(new URL('../sigma/mappings/', import.meta.url));

/** Where the rules of a set are read from: files or folders. */
export interface RuleSources {
  /** Folders of signature packs; the shipped ones when absent. */
  readonly packs?: readonly string[];
  /** Further folders, each with packs, registered documents, both or neither; one that does not exist is empty. */
  readonly added?: readonly string[];
  /** None when absent. */
  readonly sigma?: readonly string[];
  /** Beside the shipped ones. */
  readonly mappings?: readonly string[];
  readonly placeholders?: Readonly<Record<string, readonly string[]>>;
  /** File of the storage policy; the shipped one when absent. */
  readonly fields?: string;
}

/**
 * Files are named from their folder on, so that the same rules in another place are the same set. Throws TQ-DETECT-05,
 * TQ-DETECT-07 and TQ-DETECT-08 with `file:line:col` of each problem.
 */
export async function readRuleSources({ packs = [SHIPPED_PACK], added = [], sigma = [], mappings = [], placeholders = {}, fields }: RuleSources = {}): Promise<RuleSetContent> {
  const own = (await Promise.all(added.map(loadAdded))).flat();
  const signatures = [...(await Promise.all(packs.map((folder) => loadPack(folder)))), ...own.flatMap(({ pack }) => pack ?? [])].flatMap((pack) => pack.signatures);
  const documents = own.flatMap((one) => one.documents);
  return { signatures, sigma: filesOf(sigma), mappings: filesOf([SHIPPED_MAPPINGS, ...mappings]), placeholders, fields: await loadPolicies(fields), ...(documents.length === 0 ? {} : { documents }) };
}

function filesOf(paths: readonly string[]): readonly SourceFile[] {
  const named = paths.map((at) => ({ base: path.dirname(path.resolve(at)), found: ruleFilesOf([at]) }));
  const problems = named.flatMap(({ found }) => found.problems);
  if (problems.length > 0) throw detectError('rulesInvalid', `\n${printProblems(problems, named.flatMap(({ found }) => found.files))}`);
  return named.flatMap(({ base, found }) => found.files.map(({ file, text }) => ({ file: path.relative(base, path.resolve(file)), text })));
}
