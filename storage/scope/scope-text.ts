import { REASON_TEXT } from '../../contracts/scope.ts';
import type { Entity, ScopeGap, ScopeLink, ScopeReport, ScopeTotal } from '../../contracts/scope.ts';
import { clock, plain } from './plain-text.ts';

const MOST_LINES = 15;

/** A report for a person: who, whose, what, when, how sure, and what is not known. Ends with a line feed. */
export function scopeText(report: ScopeReport): string {
  const sections = [head(report), people(report), links(report), data(report), gaps(report), coverage(report)];
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function head({ request, deeds, firstMs, lastMs, takenOver, treeSize, asOfMs }: ScopeReport): readonly string[] {
  const when = deeds.length === 0 ? 'no deeds' : `${counted(deeds.length, 'deed')} from ${clock(firstMs)} to ${clock(lastMs)} UTC`;
  return [
    `Scope of ${request.seed.kind} ${plain(request.seed.value)} on ${request.site}, ${clock(request.fromMs)} to ${clock(request.toMs)} UTC`,
    `  ${when}`,
    ...(takenOver === undefined ? [] : [`  The site may have been in others' hands since ${clock(takenOver.sinceMs)}: ${takenOver.why} (event ${takenOver.leaf}).`]),
    `  As of ${clock(asOfMs)} UTC, tree of ${treeSize} events.`,
  ];
}

function people({ subjects, unnamedRecords, untouched, jurisdictions }: ScopeReport): readonly string[] {
  const by = (name: 'read' | 'changed' | 'exported' | 'sentOut'): number => subjects.filter((one) => one[name] > 0).length;
  return [
    `Persons touched: ${subjects.length} (read ${by('read')}, changed ${by('changed')}, exported ${by('exported')}, sent out ${by('sentOut')})`,
    ...(unnamedRecords === 0 ? [] : [`  and up to ${unnamedRecords} records more whose person no event names`]),
    ...(jurisdictions.some(({ name }) => name !== '') ? [`  living in ${jurisdictions.map(({ name, subjects: count }) => `${name === '' ? 'an unknown country' : name} ${count}`).join(', ')}`] : []),
    `  Not touched: ${untouched.untouchedSubjects} of ${untouched.knownSubjects} known${untouched.classes.length === 0 ? '' : `; none of ${untouched.classes.slice(0, MOST_LINES).map((name) => plain(name)).join(', ')}`}.`,
  ];
}

function links({ links: all, request }: ScopeReport): readonly string[] {
  const followed = all.filter((link) => link.followed);
  const others = all.filter((link) => !link.followed);
  return [
    `What belongs to it (confidence of at least ${request.leastConfidence}):`, ...shortened(followed.map(linkLine)),
    ...(others.length === 0 ? [] : ['What may belong, and was not followed:', ...shortened(others.map(linkLine))]),
  ];
}

function linkLine({ to, reason, confidence, sinceMs, evidence, doubt }: ScopeLink): string {
  return `  ${confidence.toFixed(2)}  ${named(to)}: ${REASON_TEXT[reason]}, since ${clock(sinceMs)}${evidence.length === 0 ? '' : ` (event ${evidence.join(', ')})`}${doubt === '' ? '' : `. Doubt: ${doubt}`}`;
}

function named({ kind, value, at }: Entity): string {
  return `${kind} ${plain(value, 60)}${at === undefined ? '' : ` at ${plain(at, 60)}`}`;
}

function data({ classes, fields, destinations }: ScopeReport): readonly string[] {
  return ['Data:', ...totals('classes', classes), ...totals('fields', fields), ...totals('sent to', destinations)];
}

function totals(title: string, all: readonly ScopeTotal[]): readonly string[] {
  if (all.length === 0) return [];
  const shown = all.toSorted((a, b) => b.subjects - a.subjects).slice(0, MOST_LINES).map(({ name, subjects, records }) => `${plain(name, 60)} (${counted(subjects, 'person')}, ${counted(records, 'record')})`);
  return [`  ${title}: ${shown.join(', ')}${all.length > MOST_LINES ? `, and ${all.length - MOST_LINES} more` : ''}`];
}

function gaps({ gaps: all, trust }: ScopeReport): readonly string[] {
  const forgeable = trust.filter(({ forgeableFromMs }) => forgeableFromMs !== undefined);
  return [
    all.length === 0 ? 'Gaps: none is known.' : 'Gaps, and what could hide in them:', ...shortened(all.map(gapLine)),
    ...forgeable.map(({ provenance, stream, forgeableFromMs }) => `  ${plain(stream)} (${provenance}): could be forged from ${clock(forgeableFromMs ?? 0)} on`),
  ];
}

function gapLine({ kind, stream, fromMs, toMs, count, couldHide }: ScopeGap): string {
  return `  ${kind}${stream === '' ? '' : ` ${plain(stream)}`}${count === 0 ? '' : ` ${count}`}, ${fromMs === 0 ? 'since unknown' : clock(fromMs)} to ${clock(toMs)}: ${couldHide}`;
}

function coverage({ coverage: c }: ScopeReport): readonly string[] {
  const whole = c.stored === c.eventsCounted && c.lines === c.stored + c.deadLetters;
  return [`Coverage: ${counted(c.blocks, 'batch')} of ${c.lines} lines, ${c.stored} stored, ${c.deadLetters} put aside, ${c.missingLines} missing; ${c.eventsCounted} counted${whole ? '' : ', which does not add up: rows expired, or the trail is broken ("tourniquet verify")'}.`];
}

function shortened(lines: readonly string[]): readonly string[] {
  return lines.length <= MOST_LINES ? lines : [...lines.slice(0, MOST_LINES), `  and ${lines.length - MOST_LINES} more (--json shows all)`];
}

function counted(count: number, noun: string): string {
  return count === 1 ? `1 ${noun}` : `${count} ${noun === 'batch' ? 'batches' : `${noun}s`}`;
}
