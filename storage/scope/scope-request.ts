import { isName, NAME_RULE } from '../../contracts/names.ts';
import { REASON_TEXT, SEED_KINDS } from '../../contracts/scope.ts';
import type { Entity, LinkReason, ScopeRequest } from '../../contracts/scope.ts';
import { ENTITY_KINDS } from './entity.ts';
import { LEAST_CONFIDENCE } from './reasons.ts';

const MOST_VALUE = 512;
const MOST_INNOCENT = 1_000;
/** Longest window: the acts of a site in it are read. */
const MOST_DAYS = 400;
const DAY_MS = 86_400_000;

const FIELDS: ReadonlySet<string> = new Set(['site', 'seed', 'fromMs', 'toMs', 'leastConfidence', 'confidences', 'innocent']);

/** A question as JSON brings it. What is wrong with it is told in one sentence that repeats no value. */
export function readScopeRequest(input: unknown): ScopeRequest | { readonly problem: string } {
  const given = objectOf(input);
  if (given === undefined) return problem('the question is an object');
  const unknown = Object.keys(given).some((name) => !FIELDS.has(name));
  if (unknown) return problem(`the question takes ${[...FIELDS].join(', ')}`);
  const { site, fromMs, toMs, leastConfidence = LEAST_CONFIDENCE } = given;
  if (!isName(site) && site !== '_system') return problem(`site ${NAME_RULE}`);
  const seed = seedOf(given['seed']);
  if (seed === undefined) return problem(`seed is {"kind": ${SEED_KINDS.map((kind) => `"${kind}"`).join(' or ')}, "value": a text of 1 to ${MOST_VALUE} characters}`);
  if (!isTime(fromMs) || !isTime(toMs) || fromMs >= toMs) return problem('fromMs and toMs are Unix milliseconds, the first less than the second');
  if (toMs - fromMs > MOST_DAYS * DAY_MS) return problem(`the window is at most ${MOST_DAYS} days`);
  if (!isShare(leastConfidence)) return problem('leastConfidence is a number from 0 to 1');
  const confidences = confidencesOf(given['confidences']);
  if (confidences === undefined) return problem(`confidences holds numbers from 0 to 1 by reason: ${Object.keys(REASON_TEXT).join(', ')}`);
  const innocent = innocentOf(given['innocent'] ?? []);
  if (innocent === undefined) return problem(`innocent is a list of at most ${MOST_INNOCENT} {"kind": ${ENTITY_KINDS.map((kind) => `"${kind}"`).join(' or ')}, "value": …}`);
  return {
    site, seed, fromMs, toMs, leastConfidence,
    ...(Object.keys(confidences).length === 0 ? {} : { confidences }), ...(innocent.length === 0 ? {} : { innocent }),
  };
}

function problem(text: string): { readonly problem: string } {
  return { problem: text };
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  // An object's own names; each value is checked where it is used.
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value < 8.64e15;
}

function isShare(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= 1;
}

function isValue(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= MOST_VALUE && value.isWellFormed() && !value.includes('\0');
}

function seedOf(input: unknown): ScopeRequest['seed'] | undefined {
  const { kind, value, ...more } = objectOf(input) ?? {};
  const known = SEED_KINDS.find((one) => one === kind);
  return known === undefined || !isValue(value) || Object.keys(more).length > 0 ? undefined : { kind: known, value };
}

function confidencesOf(input: unknown): Partial<Record<LinkReason, number>> | undefined {
  const given = input === undefined ? {} : objectOf(input);
  if (given === undefined) return undefined;
  const read: Partial<Record<LinkReason, number>> = {};
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(REASON_TEXT, name) || !isShare(value)) return undefined;
    // It was just found among the reasons.
    read[name as LinkReason] = value;
  }
  return read;
}

function innocentOf(input: unknown): readonly Entity[] | undefined {
  if (!Array.isArray(input) || input.length > MOST_INNOCENT) return undefined;
  const read: Entity[] = [];
  for (const one of input) {
    const { kind, value, at, ...more } = objectOf(one) ?? {};
    const known = ENTITY_KINDS.find((name) => name === kind);
    if (known === undefined || !isValue(value) || (at !== undefined && !isValue(at)) || Object.keys(more).length > 0) return undefined;
    read.push(at === undefined ? { kind: known, value } : { kind: known, value, at });
  }
  return read;
}
