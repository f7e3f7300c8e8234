import { LineCounter, isMap, isScalar, isSeq, parseDocument } from 'yaml';
import type { Node } from 'yaml';
import { LEVELS } from '../../contracts/pack.ts';
import type { Example, Signature } from '../../contracts/pack.ts';
import { IDENTIFIER_KINDS } from '../../contracts/token.ts';
import { VALIDATOR_NAMES } from '../validators/validator.ts';
import { contextWordProblem } from './context.ts';
import { fieldNameProblem } from './field-names.ts';
import { patternProblem } from './pattern.ts';

export interface PackProblem {
  /** `file:line:col`, counted from 1. */
  readonly at: string;
  readonly problem: string;
}

/** A context further away says little, and costs. */
const MOST_CONTEXT_UNITS = 200;
/** Left out of examples: a secret broken up by it does not trip scanners of the repository. */
const BREAK = '{}';
const REQUIRED = ['id', 'title', 'level', 'class', 'pattern', 'source', 'falsePositives', 'positive', 'negative'] as const;

type Check = (value: unknown) => string | undefined;

const text: Check = (value) => (typeof value === 'string' && value !== '' ? undefined : 'must be text');
const texts: Check = (value) => (Array.isArray(value) && value.every((v) => typeof v === 'string') ? undefined : 'must be a list of texts');
const someTexts: Check = (value) => texts(value) ?? (Array.isArray(value) && value.length > 0 ? undefined : 'needs at least one entry');
const oneOf = (names: readonly string[]): Check => (value) => (names.some((n) => n === value) ? undefined : `must be one of ${names.join(', ')}`);
const firstProblem = (values: readonly unknown[], check: (value: string) => string | undefined): string | undefined => values.map(String).map(check).find((problem) => problem !== undefined);
const isMapOf = (value: unknown, keys: readonly string[]): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).every((key) => keys.includes(key));
const isCount = (value: unknown): boolean => value === undefined || (Number.isInteger(value) && Number(value) >= 0 && Number(value) <= MOST_CONTEXT_UNITS);
const isExample = (value: unknown): boolean => typeof value === 'string' || (isMapOf(value, ['field', 'text']) && typeof value['field'] === 'string' && typeof value['text'] === 'string');

const fieldNames: Check = (value) => someTexts(value) ?? firstProblem(Array.isArray(value) ? value : [], fieldNameProblem);
const examples: Check = (value) => (Array.isArray(value) && value.length > 0 && value.every(isExample) ? undefined : 'needs at least one entry: a text, or { field, text }');
const context: Check = (value) => {
  if (!isMapOf(value, ['words', 'before', 'after']) || !isCount(value['before']) || !isCount(value['after'])) return `must be { words: [...], before: units, after: units } with units of at most ${MOST_CONTEXT_UNITS}`;
  const { words } = value;
  return someTexts(words) ?? contextWordProblem(Array.isArray(words) ? words.map(String) : []);
};
const validator: Check = (value) => firstProblem([value].flat(), (name) => (VALIDATOR_NAMES.includes(name) ? undefined : `${name} is none of ${VALIDATOR_NAMES.join(', ')}`));
const shaped = (shape: RegExp, rule: string): Check => (value) => (typeof value === 'string' && shape.test(value) ? undefined : rule);

const CHECKS: Readonly<Record<string, Check>> = {
  id: shaped(/^tourniquet\.[a-z]+\.[a-z0-9-]+$/, 'must be tourniquet.<group>.<name>'),
  title: text,
  level: oneOf(LEVELS),
  class: shaped(/^[a-z0-9_]+(\.[a-z0-9_]+)*$/, 'must be lower-case words joined by dots'),
  pattern: (value) => text(value) ?? patternProblem(String(value)),
  trigger: (value) => text(value) ?? patternProblem(String(value)),
  caseSensitive: (value) => (typeof value === 'boolean' ? undefined : 'must be true or false'),
  context,
  validator,
  mask: oneOf(IDENTIFIER_KINDS),
  recoverable: (value) => (typeof value === 'boolean' ? undefined : 'must be true or false'),
  fields: fieldNames,
  exceptFields: fieldNames,
  source: text,
  falsePositives: texts,
  positive: examples,
  negative: examples,
};

function whole(given: readonly Example[]): readonly Example[] {
  const read = (broken: string): string => broken.replaceAll(BREAK, '');
  return given.map((example) => (typeof example === 'string' ? read(example) : { ...example, text: read(example.text) }));
}

/** A value for which CHECKS held, with every required key. */
function signatureOf(value: Readonly<Record<string, unknown>>): Signature {
  const { mask, recoverable = false, validator: names, positive, negative, ...rest } = value;
  return {
    ...rest,
    ...(names === undefined ? {} : { validators: [names].flat() }),
    ...(mask === undefined ? {} : { mask: { identifier: mask, recoverable } }),
    positive: whole(positive as readonly Example[]), negative: whole(negative as readonly Example[]),
  } as unknown as Signature;
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
    const value: Readonly<Record<string, unknown>> = item.toJS(document);
    for (const pair of item.items) {
      const name = isScalar(pair.key) ? String(pair.key.value) : '';
      const check = Object.hasOwn(CHECKS, name) ? CHECKS[name] : undefined;
      const problem = check === undefined ? 'is not a key of a signature' : check(value[name]);
      if (problem !== undefined) report(offsetOf(check === undefined ? pair.key : pair.value), `${name} ${problem}`);
    }
    for (const name of REQUIRED) if (!Object.hasOwn(value, name)) report(offsetOf(item), `${name} is missing`);
    if (Object.hasOwn(value, 'recoverable') && !Object.hasOwn(value, 'mask')) report(offsetOf(item), 'recoverable needs mask: nothing else goes to the vault');
    if (problems.length === before) signatures.push(signatureOf(value));
  }
  return { signatures, problems };
}
