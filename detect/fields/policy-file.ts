import { LineCounter, isMap, isSeq, parseDocument } from 'yaml';
import type { Node } from 'yaml';
import { KEPT } from '../../contracts/field-policy.ts';
import type { FieldPolicy, Kept } from '../../contracts/field-policy.ts';
import { fieldNameProblem } from '../pack/field-names.ts';

export interface PolicyProblem {
  /** `file:line:col`, counted from 1. */
  readonly at: string;
  readonly problem: string;
}

const KEYS = ['keep', 'why', 'fields'];
/** Names are looked for in lines as they are. */
const FIELD = /^[a-z0-9@_*-]+(?:\.[a-z0-9@_*-]+)*$/;

function isKept(value: unknown): value is Kept {
  return KEPT.some((kept) => kept === value);
}

function isNames(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length > 0 && value.every((name) => typeof name === 'string');
}

function entryProblem({ keep, why, fields, ...others }: Readonly<Record<string, unknown>>): string | undefined {
  const [other] = Object.keys(others);
  if (other !== undefined) return `${other} is none of ${KEYS.join(', ')}`;
  if (!isKept(keep)) return `keep must be one of ${KEPT.join(', ')}`;
  if (typeof why !== 'string' || why === '') return 'why must say why the fields are kept so';
  if (!isNames(fields)) return 'fields must be a list of names';
  for (const name of fields) {
    const problem = FIELD.test(name) ? fieldNameProblem(name) : `${JSON.stringify(name)} must be lower-case names joined by dots`;
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** Reads a list of entries `{ keep, why, fields }`. Every problem is reported, not only the first. */
export function parsePolicyFile(file: string, source: string): { readonly policies: readonly FieldPolicy[]; readonly problems: readonly PolicyProblem[] } {
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines });
  const policies: FieldPolicy[] = [];
  const problems: PolicyProblem[] = [];
  const report = (offset: number, problem: string): void => {
    const { line, col } = lines.linePos(offset);
    problems.push({ at: `${file}:${line}:${col}`, problem });
  };
  for (const error of document.errors) report(error.pos[0], error.message.split('\n')[0] ?? '');
  if (problems.length > 0) return { policies, problems };
  if (!isSeq(document.contents)) report(0, 'a storage policy is a list of entries { keep, why, fields }');
  for (const item of isSeq(document.contents) ? document.contents.items : []) {
    const entry: unknown = isMap(item) ? item.toJSON() : undefined;
    const problem = typeof entry === 'object' && entry !== null ? entryProblem(entry as Readonly<Record<string, unknown>>) : 'an entry is a map'; // a map's JSON is an object
    if (problem !== undefined) report((item as Node | null)?.range?.[0] ?? 0, problem); // yaml types a node of any kind as unknown here
    else policies.push(policyOf(entry as FieldPolicy)); // it has no problem
  }
  return { policies, problems };
}

function policyOf({ keep, fields }: FieldPolicy): FieldPolicy {
  return { keep, fields };
}
