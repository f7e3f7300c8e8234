import { tokenOf } from '../../../contracts/token.ts';
import type { DottedEvent } from './spool-reader.ts';
import type { Expected, ExpectedEvent, Stage, UserAct } from './user-act.ts';

function fits(expected: Expected, value: unknown): boolean {
  if (typeof expected === 'function') return expected(value);
  if (expected instanceof RegExp) return value !== undefined && expected.test(typeof value === 'string' ? value : JSON.stringify(value));
  return JSON.stringify(expected) === JSON.stringify(value);
}

function isSubject(value: unknown): value is { readonly type: unknown; readonly token: unknown } {
  return typeof value === 'object' && value !== null && 'type' in value && 'token' in value;
}

/** Why an event is not the expected one; nothing where it is. `tokenKey`: the site's. */
export function differences(expected: ExpectedEvent, event: DottedEvent, tokenKey: Uint8Array): readonly string[] {
  const found: string[] = [];
  for (const [name, value] of Object.entries(expected.fields ?? {})) {
    if (!fits(value, event[name])) found.push(`${name} is ${JSON.stringify(event[name])}, not ${typeof value === 'function' || value instanceof RegExp ? String(value) : JSON.stringify(value)}`);
  }
  const subjects = (Array.isArray(event['subjects']) ? event['subjects'] : []).filter(isSubject);
  for (const { type, kind, identifier } of expected.persons ?? []) {
    const token = tokenOf(tokenKey, kind, identifier);
    if (!subjects.some((s) => s.type === type && s.token === token)) found.push(`${type} ${identifier} is not among the ${subjects.length} subjects`);
  }
  if (expected.personCount !== undefined && subjects.length !== expected.personCount) found.push(`${subjects.length} subjects, not ${expected.personCount}`);
  return found;
}

function isNamed(event: DottedEvent, name: { readonly category: string; readonly action: string }): boolean {
  return event['event.category'] === name.category && (name.action === '*' || event['event.action'] === name.action);
}

export function expectedOf(act: UserAct, stage: Stage): readonly ExpectedEvent[] {
  return typeof act.expect === 'function' ? act.expect(stage) : (act.expect ?? []);
}

/** The events that are the expected one. */
export function matching(expected: ExpectedEvent, events: readonly DottedEvent[], tokenKey: Uint8Array): readonly DottedEvent[] {
  return events.filter((e) => isNamed(e, expected) && differences(expected, e, tokenKey).length === 0);
}

/** What is wrong with the events of an act, in words. */
export function problemsOf(act: UserAct, stage: Stage, events: readonly DottedEvent[], tokenKey: Uint8Array): readonly string[] {
  const problems: string[] = [];
  for (const expected of expectedOf(act, stage)) {
    const found = matching(expected, events, tokenKey).length;
    if (found > 0 && (expected.times === undefined || expected.times === found)) continue;
    const alike = events.filter((e) => isNamed(e, expected));
    const why = found > 0 ? [`${found} times, not ${expected.times}`] : alike.map((e) => differences(expected, e, tokenKey).join('; '));
    problems.push(`${expected.category}/${expected.action} is missing${why.length === 0 ? '' : `: ${why.join(' | ')}`}`);
  }
  for (const silent of act.silent ?? []) {
    const told = events.filter((e) => isNamed(e, silent) && Object.entries(silent.fields ?? {}).every(([name, value]) => fits(value, e[name])));
    if (told.length > 0) problems.push(`${silent.category}/${String(told[0]?.['event.action'])} must not be told`);
  }
  if (problems.length > 0) problems.push(`told: ${events.map((e) => `${String(e['event.category'])}/${String(e['event.action'])}`).join(', ') || 'nothing'}`);
  return problems;
}
