import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { timeSlices } from '../../time-slices.ts';
import type { Condition, DetectionRule, SigmaRules } from '../rule.ts';
import type { Atom } from './atom.ts';
import { conditionBytes, conditionOf } from './condition-bytes.ts';
import { planWith } from './plan.ts';
import type { PlanOptions, SigmaPlan } from './plan.ts';

/**
 * A plan as bytes, so that a start neither reads YAML nor looks for triggers:
 *
 *     32 bytes   seal: SHA-256 over version, code and all that follows
 *      4 bytes   length of the JSON, little endian
 *                JSON: all but the rules
 *                the rules without their conditions, in pieces of JSON, one after another
 *                the conditions, one after another; each is parsed when it is first asked for
 *
 * Only the very code that wrote it opens it. A file that is damaged, or of other rules, is no plan: build it anew.
 */

const SEAL_BYTES = 32;
const LENGTH_BYTES = 4;
/** Rules in a piece, and bytes hashed at once: about a millisecond each. */
const PIECE_RULES = 100;
const HASH_BYTES = 1024 ** 2;

export interface CachedPlan {
  readonly rules: SigmaRules;
  readonly plan: SigmaPlan;
}

type RuleHead = Omit<DetectionRule, 'condition'>;

/** What stands in the first JSON. */
interface PlanFile {
  /** Where each piece of rules ends. */
  readonly pieceEnds: readonly number[];
  /** Where each condition ends. */
  readonly ends: readonly number[];
  readonly correlations: SigmaRules['correlations'];
  readonly atoms: readonly Atom[];
  readonly starts: readonly number[];
  readonly items: readonly number[];
  readonly always: readonly number[];
  readonly empty: readonly number[];
  readonly keyword: readonly number[];
}

/** `version` names everything the rules and the plan were made of: the rule set, and `PlanOptions.audience`. */
export async function sealPlan({ rules, plan }: CachedPlan, version: string): Promise<Buffer> {
  const { atoms, atomsOfRule, always, empty, keyword } = plan.triggers;
  const conditions = rules.detections.map((rule) => conditionBytes(rule.condition, rule.place.file));
  const heads = rules.detections.map(({ condition: _, ...head }): RuleHead => head);
  const pieces = Array.from({ length: Math.ceil(heads.length / PIECE_RULES) }, (_, i) => Buffer.from(JSON.stringify(heads.slice(i * PIECE_RULES, (i + 1) * PIECE_RULES))));
  const file: PlanFile = { pieceEnds: endsOf(pieces), ends: endsOf(conditions), correlations: rules.correlations, atoms, starts: [...atomsOfRule.starts], items: [...atomsOfRule.items], always, empty, keyword };
  const json = Buffer.from(JSON.stringify(file));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32LE(json.length);
  const bytes = Buffer.concat([length, json, ...pieces, ...conditions]);
  return Buffer.concat([await sealOf(bytes, version), bytes]);
}

function endsOf(parts: readonly Buffer[]): readonly number[] {
  let end = 0;
  return parts.map(({ length }) => (end += length));
}

/** undefined: the bytes are not a plan of this version and code. They must not be changed afterwards. Works in slices of time. */
export async function openPlan(sealed: Buffer, version: string, options: PlanOptions): Promise<CachedPlan | undefined> {
  const pause = timeSlices();
  const bytes = sealed.subarray(SEAL_BYTES);
  if (!(await sealOf(bytes, version)).equals(sealed.subarray(0, SEAL_BYTES))) return undefined;
  const from = LENGTH_BYTES + bytes.readUInt32LE(0);
  const { pieceEnds, ends, correlations, atoms, starts, items, always, empty, keyword } = JSON.parse(bytes.toString('utf8', LENGTH_BYTES, from)) as PlanFile; // the seal says that sealPlan wrote it
  const conditions = bytes.subarray(from + (pieceEnds.at(-1) ?? 0));
  const detections: DetectionRule[] = [];
  for (const [i, end] of pieceEnds.entries()) {
    await pause();
    for (const head of JSON.parse(bytes.toString('utf8', from + (pieceEnds[i - 1] ?? 0), from + end)) as readonly RuleHead[]) { // as above
      detections.push(withCondition(head, conditions.subarray(ends[detections.length - 1] ?? 0, ends[detections.length])));
    }
  }
  await pause();
  const triggers = { atoms, atomsOfRule: { starts: Uint32Array.from(starts), items: Uint32Array.from(items) }, always, empty, keyword };
  return { rules: { detections, correlations }, plan: planWith(detections, triggers, options) };
}

/** Of thousands of rules few are ever evaluated: parsing the conditions of all takes most of a start. */
function withCondition(head: RuleHead, bytes: Buffer): DetectionRule {
  let condition: Condition | undefined;
  return Object.defineProperty(head, 'condition', {
    enumerable: true,
    get: () => (condition ??= conditionOf(bytes, head.place.file)),
  }) as DetectionRule; // it has the condition now
}

async function sealOf(bytes: Buffer, version: string): Promise<Buffer> {
  const pause = timeSlices();
  const hash = createHash('sha256').update(`tourniquet/plan\n${codeVersion()}\n${version}\n`);
  for (let from = 0; from < bytes.length; from += HASH_BYTES) {
    hash.update(bytes.subarray(from, from + HASH_BYTES));
    await pause();
  }
  return hash.digest();
}

let code: string | undefined;

/** Of all code that makes rules of texts and triggers of rules. */
function codeVersion(): string {
  if (code !== undefined) return code;
  const folder = join(import.meta.dirname, '..');
  const hash = createHash('sha256');
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts')).toSorted();
  for (const name of names) hash.update(`\0${name}\0`).update(readFileSync(join(folder, name)));
  return (code = hash.digest('hex'));
}
