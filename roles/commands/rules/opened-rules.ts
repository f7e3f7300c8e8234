import { existsSync, realpathSync } from 'node:fs';
import type { Signature } from '../../../contracts/pack.ts';
import { parsePackFile } from '../../../detect/pack/pack-file.ts';
import type { PackProblem } from '../../../detect/pack/pack-file.ts';
import { SHIPPED_PACK } from '../../../detect/pack/load.ts';
import { isTestFile, testedStem } from '../../../detect/rules/rule-test.ts';
import type { RuleTest } from '../../../detect/rules/rule-test.ts';
import { correlationProblems } from '../../../detect/rules/correlation-problems.ts';
import { readTestsBeside } from '../../../detect/rules/tests-beside.ts';
import { SHIPPED_MAPPINGS, SHIPPED_SIGMA } from '../../../detect/rule-set/read-sources.ts';
import { printProblems } from '../../../detect/sigma/language/print-problems.ts';
import { readRules } from '../../../detect/sigma/language/read-rules.ts';
import type { ReadOptions } from '../../../detect/sigma/language/read-rules.ts';
import { ruleFilesOf } from '../../../detect/sigma/language/rule-files.ts';
import { loadMappings } from '../../../detect/sigma/mappings/load-mappings.ts';
import type { Surroundings } from '../../../detect/sigma/naive/matches.ts';
import type { Problem, Rule, RuleFile, SigmaRules } from '../../../detect/sigma/rule.ts';
import { createPlan } from '../../../detect/sigma/plan/plan.ts';
import type { SigmaPlan } from '../../../detect/sigma/plan/plan.ts';
import { viewsOf } from '../../../detect/views/views.ts';
import { loadConfig } from '../../config/config.ts';
import { placeholdersOf } from '../../rules/configured-rules.ts';
import { UsageError } from '../../usage-error.ts';
import { noRulesIn, requireRulePaths } from '../named-rules.ts';

/** Rules as a command was given them, or the configured ones, with all that stands beside them. */
export interface OpenedRules {
  /** Those of the given files. */
  readonly rules: SigmaRules;
  /** With the shipped ones, where the given ones refer to these. */
  readonly all: SigmaRules;
  readonly signatures: readonly Signature[];
  readonly tests: readonly RuleTest[];
  /** Files of Sigma rules. */
  readonly sigma: readonly RuleFile[];
  /** What is wrong with rules, packs, tests or mappings. Rules with a problem: then there are none. */
  readonly problems: readonly Problem[];
  readonly surroundings: Surroundings;
  /** Problems with their excerpts. */
  readonly print: (problems: readonly Problem[]) => string;
}

/**
 * Files and folders of Sigma rules and packs; none: what the configuration says, with the shipped packs. `shippedPack`:
 * these beside given paths, too. Throws UsageError for a path that is not there, or paths without a rule.
 */
export function openRules(paths: readonly string[], { shippedPack = false }: { readonly shippedPack?: boolean } = {}): OpenedRules {
  const config = loadConfig().rules;
  requireRulePaths(paths);
  const configured = [SHIPPED_PACK, ...(config.shipped ? [SHIPPED_SIGMA] : []), ...config.paths];
  const found = ruleFilesOf(paths.length === 0 ? configured : [...paths.map(ruleFileFor), ...(shippedPack ? [SHIPPED_PACK] : [])]);
  if (paths.length > 0 && found.files.length + found.problems.length === 0) throw noRulesIn(paths);
  const packs = found.files.filter(isPack);
  const sigma = found.files.filter((file) => !isPack(file));
  const { rules, all, problems: wrong } = readWithShipped(sigma, placeholdersOf(config.placeholders));
  const signatures = packs.map((pack) => parsePackFile(pack.file, pack.text));
  const beside = readTestsBeside(sigma);
  const mappingFiles = ruleFilesOf([SHIPPED_MAPPINGS, ...config.mappings]);
  const { mappings, problems } = loadMappings(mappingFiles.files);
  const files = [...found.files, ...beside.files, ...mappingFiles.files];
  return {
    rules, all,
    signatures: signatures.flatMap((pack) => pack.signatures),
    tests: beside.tests,
    sigma,
    problems: [...found.problems, ...wrong, ...correlationProblems(rules.correlations), ...signatures.flatMap((pack) => pack.problems.map(packProblem)), ...beside.problems, ...mappingFiles.problems, ...problems],
    surroundings: { mappings, views: (text) => viewsOf(text).map((view) => view.text) },
    print: (told) => printProblems(told, files, told.length),
  };
}

/** Rules may refer to shipped ones, which are not read again where they are copied or named themselves. */
function readWithShipped(files: readonly RuleFile[], placeholders: ReadOptions['placeholders'] = {}): Pick<OpenedRules, 'rules' | 'all' | 'problems'> {
  if (files.length === 0) return { rules: NO_RULES, all: NO_RULES, problems: [] };
  const alone = readRules(files, { placeholders });
  if (alone.problems.length === 0) return { rules: alone.rules, all: alone.rules, problems: [] };
  const given = new Set(files.map(({ file }) => realpathSync(file)));
  const together = readRules([...files, ...ruleFilesOf([SHIPPED_SIGMA]).files.filter(({ file }) => !given.has(realpathSync(file)))], { placeholders });
  if (together.problems.length > 0) return { rules: NO_RULES, all: NO_RULES, problems: alone.problems.length <= together.problems.length ? alone.problems : together.problems };
  const named = new Set(files.map(({ file }) => file));
  const own = <T extends Rule>(rules: readonly T[]): readonly T[] => rules.filter(({ place }) => named.has(place.file));
  return { rules: { detections: own(together.rules.detections), correlations: own(together.rules.correlations) }, all: together.rules, problems: [] };
}

const NO_RULES: SigmaRules = { detections: [], correlations: [] };

/** A file of tests stands for the rules beside it. */
function ruleFileFor(path: string): string {
  if (!isTestFile(path)) return path;
  const rule = ['.yml', '.yaml'].map((ending) => `${testedStem(path)}${ending}`).find((file) => existsSync(file));
  if (rule === undefined) throw new UsageError(`there is no rule file beside ${path}`);
  return rule;
}

/** `file:line:col` as a place. */
function packProblem({ at, problem }: PackProblem): Problem {
  const [, file = at, line, column] = /^(.*):(\d+):(\d+)$/.exec(at) ?? [];
  return { place: { file, line: Number(line ?? 1), column: Number(column ?? 1), length: 1 }, message: problem };
}

/** A pack is a list of signatures, a Sigma rule a map: the first line that says anything tells. */
function isPack({ text }: RuleFile): boolean {
  return text.split('\n').find((line) => line.trim() !== '' && !line.startsWith('#') && !line.startsWith('---'))?.startsWith('- ') ?? false;
}

export function planOf({ rules, surroundings: { mappings } }: Pick<OpenedRules, 'rules' | 'surroundings'>): SigmaPlan {
  return createPlan(rules.detections, { mappings, viewsOf });
}
