import { LineCounter, isMap, isScalar, isSeq, parseDocument } from 'yaml';
import type { Node } from 'yaml';
import { LEVELS, VALIDATORS } from '../../contracts/pack.ts';
import type { Signature } from '../../contracts/pack.ts';
import { patternProblem } from './pattern.ts';

export interface PackProblem {
  /** `file:line:col`, counted from 1. */
  readonly at: string;
  readonly problem: string;
}

/** Left out of examples: a secret broken up by it does not trip scanners of the repository. */
const BREAK = '{}';
const IDENTIFIERS = ['email', 'digits', 'alphanumeric', 'text'] as const;
const REQUIRED = ['id', 'title', 'level', 'class', 'pattern', 'source', 'falsePositives', 'positive', 'negative'] as const;

type Check = (value: unknown) => string | undefined;

const text: Check = (value) => (typeof value === 'string' && value !== '' ? undefined : 'must be text');
const texts: Check = (value) => (Array.isArray(value) && value.every((v) => typeof v === 'string') ? undefined : 'must be a list of texts');
const someTexts: Check = (value) => texts(value) ?? (Array.isArray(value) && value.length > 0 ? undefined : 'needs at least one entry');
const oneOf = (names: readonly string[]): Check => (value) => (names.some((n) => n === value) ? undefined : `must be one of ${names.join(', ')}`);
const shaped = (shape: RegExp, rule: string): Check => (value) => (typeof value === 'string' && shape.test(value) ? undefined : rule);

const CHECKS: Readonly<Record<string, Check>> = {
  id: shaped(/^tourniquet\.[a-z]+\.[a-z0-9-]+$/, 'must be tourniquet.<group>.<name>'),
  title: text,
  level: oneOf(LEVELS),
  class: shaped(/^[a-z0-9_]+(\.[a-z0-9_]+)*$/, 'must be lower-case words joined by dots'),
  pattern: (value) => text(value) ?? patternProblem(String(value)),
  caseSensitive: (value) => (typeof value === 'boolean' ? undefined : 'must be true or false'),
  validator: oneOf(VALIDATORS),
  mask: oneOf(IDENTIFIERS),
  fields: someTexts,
  source: text,
  falsePositives: texts,
  positive: someTexts,
  negative: someTexts,
};

function signatureOf(value: Readonly<Record<string, unknown>>): Signature {
  const { mask, positive, negative, ...rest } = value;
  const whole = (examples: unknown): readonly string[] => (Array.isArray(examples) ? examples.map((e) => String(e).replaceAll(BREAK, '')) : []);
  // CHECKS held for every key, and every required key is there.
  return { ...rest, ...(mask === undefined ? {} : { mask: { identifier: mask } }), positive: whole(positive), negative: whole(negative) } as unknown as Signature;
}

/** Reads one pack file: a YAML list of signatures. Every problem is reported, not only the first. */
export function parsePackFile(file: string, source: string): { readonly signatures: readonly Signature[]; readonly problems: readonly PackProblem[] } {
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines });
  const problems: PackProblem[] = [];
  const signatures: Signature[] = [];
  const report = (offset: number, problem: string): void => {
    const { line, col } = lines.linePos(offset);
    problems.push({ at: `${file}:${line}:${col}`, problem });
  };
  const offsetOf = (node: unknown): number => (node as Node | null)?.range?.[0] ?? 0; // yaml types a node of any kind as unknown here
  for (const error of document.errors) report(error.pos[0], error.message.split('\n')[0] ?? '');
  if (problems.length > 0) return { signatures, problems };
  if (!isSeq(document.contents)) {
    report(0, 'a pack file is a list of signatures');
    return { signatures, problems };
  }
  for (const item of document.contents.items) {
    if (!isMap(item)) {
      report(offsetOf(item), 'a signature is a map');
      continue;
    }
    const before = problems.length;
    const value: Readonly<Record<string, unknown>> = item.toJSON();
    for (const pair of item.items) {
      const name = isScalar(pair.key) ? String(pair.key.value) : '';
      const check = Object.hasOwn(CHECKS, name) ? CHECKS[name] : undefined;
      const problem = check === undefined ? 'is not a key of a signature' : check(value[name]);
      if (problem !== undefined) report(offsetOf(check === undefined ? pair.key : pair.value), `${name} ${problem}`);
    }
    for (const name of REQUIRED) if (!Object.hasOwn(value, name)) report(offsetOf(item), `${name} is missing`);
    if (problems.length === before) signatures.push(signatureOf(value));
  }
  return { signatures, problems };
}
