import process from 'node:process';
import { coverageOf, navigatorLayer } from '../../../detect/rules/coverage.ts';
import type { Coverage } from '../../../detect/rules/coverage.ts';
import { counted } from './lint.ts';
import { openRules } from './opened-rules.ts';
import { refuseProblems } from './refused.ts';
import { printTable } from './table.ts';

/** Exit code 1 when a group of the catalogue has no rule. */
export async function coverage(paths: readonly string[], options: { readonly json?: true; readonly navigator?: true }): Promise<number> {
  const opened = openRules(paths);
  if (refuseProblems(opened)) return 1;
  const found = coverageOf(opened.rules, opened.signatures);
  if (options.navigator === true) process.stdout.write(`${JSON.stringify(navigatorLayer(found), null, 2)}\n`);
  else if (options.json === true) process.stdout.write(`${JSON.stringify(found, null, 2)}\n`);
  else process.stdout.write(printCoverage(found));
  return found.gaps.length === 0 ? 0 : 1;
}

function printCoverage({ groups, tactics, techniques, frameworks, gaps, ungrouped, rules, signatures }: Coverage): string {
  const right = { align: 'right' } as const;
  const groupTable = printTable(
    [{ title: 'THREAT' }, { title: 'EVENT', ...right }, { title: 'CORR', ...right }, { title: 'PACK', ...right }, { title: '' }],
    groups.map((group) => [group.title, String(group.detections.length), String(group.correlations.length), String(group.signatures.length), gaps.includes(group.id) ? 'NO RULE' : '']),
  );
  const itemTable = printTable(
    [{ title: 'MUST FIND' }, { title: 'RULES', cut: true }],
    groups.flatMap((group) => group.items.map((item) => [`${group.id}.${item.id}`, [...item.rules, ...item.builtIn].join(', ') || 'NO RULE'])),
  );
  const tacticTable = printTable([{ title: 'ATT&CK TACTIC' }, { title: 'RULES', ...right }], tactics.map((tactic) => [tactic.title, String(tactic.rules.length)]));
  const techniqueTable = printTable([{ title: 'TECHNIQUE' }, { title: 'RULES', cut: true }], techniques.map((technique) => [technique.id, technique.rules.join(', ')]));
  const controlTable = printTable(
    [{ title: 'CONTROL' }, { title: 'RULES', ...right }, { title: 'PACK', ...right }, { title: '', cut: true }],
    frameworks.flatMap(({ controls }) => controls.map((control) => [control.tag, String(control.rules.length), String(control.signatures.length), control.title])),
  );
  const closing = [
    `${counted(rules, 'rule')}, ${counted(signatures, 'signature')}.`,
    gaps.length === 0 ? 'Every group of the threat catalogue has a rule.' : `Without a rule: ${gaps.join(', ')}.`,
    ...(ungrouped.length === 0 ? [] : [`${counted(ungrouped.length, 'rule')} in no group: tag them tourniquet.<group>.`]),
  ].join('\n');
  return [groupTable, itemTable, tacticTable, techniqueTable, controlTable, closing].map((part) => `${part}\n`).join('');
}
