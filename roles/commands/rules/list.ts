import process from 'node:process';
import { printLogsource } from '../../../detect/rules/consideration.ts';
import { runRuleTests } from '../../../detect/rules/rule-tests.ts';
import { costOf } from '../../../detect/sigma/plan/profile.ts';
import type { Rule } from '../../../detect/sigma/rule.ts';
import { harmless } from '../../../detect/sigma/language/print-problems.ts';
import { refuseProblems } from './refused.ts';
import { openRules, planOf } from './opened-rules.ts';
import type { OpenedRules } from './opened-rules.ts';
import { printTable } from './table.ts';

interface ListedRule {
  readonly id: string;
  readonly name: string | undefined;
  readonly title: string;
  readonly level: string;
  /** `pack`: a signature. */
  readonly kind: Rule['kind'] | 'pack';
  readonly logsource: string;
  /** False: only correlations use it. */
  readonly standalone: boolean;
  /** Names its exact content; empty for a signature, whose pack has one. */
  readonly hash: string;
  /** Texts looked for in lines before the rule is evaluated; 0: it is evaluated for every event. Undefined for correlations. */
  readonly atoms: number | undefined;
  readonly tests: number;
  readonly file: string;
}

export async function list(paths: readonly string[], options: { readonly json?: true }): Promise<number> {
  const opened = openRules(paths);
  if (refuseProblems(opened)) return 1;
  const rows = [...listed(opened), ...signaturesOf(opened)];
  if (options.json === true) for (const row of rows) process.stdout.write(`${JSON.stringify(row)}\n`);
  else process.stdout.write(printed(rows));
  return 0;
}

const COLUMNS = [{ title: 'RULE', cut: true }, { title: 'LEVEL' }, { title: 'KIND' }, { title: 'VERSION' }, { title: 'ATOMS', align: 'right' }, { title: 'TESTS', align: 'right' }] as const;

/** Two lines a rule: what it is, and what it is about. */
function printed(rows: readonly ListedRule[]): string {
  const table = printTable(COLUMNS, rows.map((row) => [nameOf(row), row.level, kindOf(row), row.hash.slice(0, 8), row.atoms === undefined ? '' : String(row.atoms), String(row.tests)]));
  const [head = '', ...lines] = table.split('\n');
  const about = rows.map(({ title, logsource }, i) => `${lines[i]}\n    ${harmless(title)}${logsource === '' ? '' : ` (${logsource})`}\n`);
  return `${head}\n${about.join('')}* only correlations use it\n`;
}

function kindOf({ kind, standalone }: ListedRule): string {
  return kind === 'pack' ? 'pack' : `${kind === 'correlation' ? 'corr' : 'event'}${standalone ? '' : '*'}`;
}

function listed(opened: OpenedRules): readonly ListedRule[] {
  const { rules, all, tests, surroundings } = opened;
  const results = Map.groupBy(runRuleTests(all, tests, surroundings), ({ rule }) => rule?.id ?? '');
  const plan = planOf(opened);
  const atoms = new Map(plan.rules.map(({ id }, index) => [id, costOf(plan, index).atoms]));
  return [...rules.detections, ...rules.correlations].map((rule) => ({
    id: rule.id, name: rule.name, title: rule.title, level: rule.level, kind: rule.kind,
    logsource: rule.kind === 'detection' ? printLogsource(rule.logsource) : '',
    standalone: rule.standalone, hash: rule.hash, atoms: atoms.get(rule.id), tests: results.get(rule.id)?.length ?? 0, file: rule.place.file,
  })).toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
}

function nameOf({ name, id }: ListedRule): string {
  return name ?? id;
}

function signaturesOf({ signatures }: OpenedRules): readonly ListedRule[] {
  return signatures.map(({ id, title, level, positive, negative }) => ({
    id, name: undefined, title, level, kind: 'pack' as const, logsource: '', standalone: true, hash: '', atoms: 1, tests: positive.length + negative.length, file: '',
  }));
}
