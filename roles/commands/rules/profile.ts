import { readFile } from 'node:fs/promises';
import process from 'node:process';
import { shortName } from '../../../detect/rules/rule-named.ts';
import { profile as profileRules, RULE_BUDGET } from '../../../detect/sigma/plan/profile.ts';
import type { ProfiledEvent, RuleProfile } from '../../../detect/sigma/plan/profile.ts';
import { loadNative } from '../../../detect/native/binding.ts';
import { seenIn } from '../../../detect/rules/seen-in.ts';
import { withScan } from '../../../detect/scan-fields.ts';
import { createScanner, lineHits, scanned } from '../../../detect/scanner.ts';
import type { Logsource } from '../../../detect/sigma/rule.ts';
import { UsageError } from '../../usage-error.ts';
import { logsourceOf } from '../logsource.ts';
import { requireFile } from '../require-file.ts';
import { openRules, planOf } from './opened-rules.ts';
import type { OpenedRules } from './opened-rules.ts';
import { refuseProblems } from './refused.ts';
import { printTable } from './table.ts';

const BATCH_LINES = 4_000;
const MOST_SHOWN = 40;
const PASSES = 3;
const STATUS_MASK = 255;
/** Of fewer events, times say nothing about a budget. */
const LEAST_EVENTS = 1_000;

interface Measured {
  readonly rule: string;
  readonly evaluated: number;
  readonly matched: number;
  readonly nsPerEvent: number;
  /** What one evaluation took. */
  readonly nsPerEvaluation: number;
  readonly share: number;
  readonly overBudget: boolean;
}

/** Cost of each rule over the events of an NDJSON file, the dearest first. Exit code 1 when one is beyond its budget. */
export async function profile(file: string, options: { readonly rules?: readonly string[]; readonly json?: true; readonly all?: true; readonly logsource?: string }): Promise<number> {
  requireFile(file);
  const opened = openRules(options.rules ?? [], { shippedPack: true });
  if (refuseProblems(opened)) return 1;
  const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');
  const { measured, events } = await measure(opened, lines, options.logsource === undefined ? undefined : logsourceOf(options.logsource));
  if (events === 0) throw new UsageError(`${file} holds no event: a JSON object a line`);
  const code = measured.some(({ overBudget }) => overBudget) ? 1 : 0;
  if (options.json === true) process.stdout.write(`${JSON.stringify({ events, lines: lines.length, budget: RULE_BUDGET, rules: measured })}\n`);
  else process.stdout.write(printed(measured, events, options.all === true));
  return code;
}

async function measure(opened: OpenedRules, lines: readonly string[], logsource: 'any' | Logsource | undefined): Promise<{ readonly measured: readonly Measured[]; readonly events: number }> {
  const plan = planOf(opened);
  const scanner = createScanner(opened.signatures, plan.atoms, await loadNative());
  const { mappings } = opened.surroundings;
  const fixed = logsource === undefined || logsource === 'any' ? logsource : [logsource];
  let events = 0;
  function* profiled(): Generator<ProfiledEvent> {
    events = 0;
    for (let at = 0; at < lines.length; at += BATCH_LINES) {
      const batch = lines.slice(at, at + BATCH_LINES);
      const processed = scanned(scanner, Buffer.from(`${batch.join('\n')}\n`));
      const byLine = new Map(Array.from(lineHits(scanner, processed), (found) => [found.line, found]));
      for (const [i, line] of batch.entries()) {
        if (((processed.table[i * 3 + 2] ?? 0) & STATUS_MASK) !== 0) continue;
        events++;
        const found = byLine.get(i);
        const event = withScan(JSON.parse(line) as Readonly<Record<string, unknown>>, found === undefined ? [] : seenIn(line, found.rules)); // native found it to be an object
        yield { event, hits: found?.atoms ?? [], served: fixed ?? mappings.served(event) };
      }
    }
  }
  // The least of several passes: a rule is compiled in the first, and other processes take their share of any.
  const passes = Array.from({ length: PASSES }, () => profileRules(plan, profiled()));
  const profiles = plan.rules.map((_, rule) => passes.flatMap((pass) => pass[rule] ?? []).toSorted((a, b) => a.ns - b.ns)[0]).filter((one) => one !== undefined);
  return { measured: profiles.map((one) => measuredOf(one, events)).toSorted((a, b) => b.nsPerEvent - a.nsPerEvent || b.evaluated - a.evaluated), events };
}

function measuredOf({ rule, evaluated, matched, ns }: RuleProfile, events: number): Measured {
  const nsPerEvent = ns / Math.max(1, events);
  return {
    rule: shortName(rule), evaluated, matched, nsPerEvent: Math.round(nsPerEvent), nsPerEvaluation: Math.round(ns / Math.max(1, evaluated)),
    share: evaluated / Math.max(1, events), overBudget: events >= LEAST_EVENTS && nsPerEvent > RULE_BUDGET.nsPerEvent,
  };
}

function printed(measured: readonly Measured[], events: number, all: boolean): string {
  const shown = all ? measured : measured.filter(({ evaluated }) => evaluated > 0).slice(0, MOST_SHOWN);
  const table = printTable(COLUMNS, shown.map((one) => [
    one.rule, String(one.evaluated), `${(one.share * 100).toFixed(1)}%`, String(one.matched), microseconds(one.nsPerEvent), microseconds(one.nsPerEvaluation), one.overBudget ? 'OVER' : '',
  ]));
  const total = measured.reduce((sum, { nsPerEvent }) => sum + nsPerEvent, 0);
  const idle = measured.filter(({ evaluated }) => evaluated === 0).length;
  return `${table}\n${events} events, ${measured.length} rules: ${microseconds(total)} us an event for evaluating;\n${idle} rules were never evaluated. Budget of a rule: ${microseconds(RULE_BUDGET.nsPerEvent)} us an event${events < LEAST_EVENTS ? `; judged from ${LEAST_EVENTS} events on` : ''}.\n`;
}

const COLUMNS = [
  { title: 'RULE', cut: true }, { title: 'EVALUATED', align: 'right' }, { title: 'SHARE', align: 'right' }, { title: 'MATCHED', align: 'right' },
  { title: 'US/EVENT', align: 'right' }, { title: 'US/EVAL', align: 'right' }, { title: '' },
] as const;

function microseconds(ns: number): string {
  return (ns / 1000).toFixed(3);
}
