import type { FieldPath } from '../event/field-path.ts';
import type { Condition, Match } from '../rule.ts';
import { atomKey, SCAN_ATOM, scanAtom } from './atom.ts';
import type { Atom } from './atom.ts';
import { emptyAtoms, keyAtoms } from './key-atoms.ts';
import { cheapest, literalsOfText } from './literal-atoms.ts';
import type { Spelling } from './literal-atoms.ts';
import { regexAtoms } from './regex-atoms.ts';

/** Whenever the condition holds, one of these is found; an empty list: it never holds. */
export type Trigger = readonly Atom[];

/** undefined: the condition may hold although nothing of it is in the line. */
export function triggerOf(condition: Condition, fieldOf: (name: string) => FieldPath): Trigger | undefined {
  return find(condition, false, fieldOf).best;
}

/** `keys`: of keys only. For many tests of one field that is less to look for than a text of each. */
interface Found {
  readonly best: Trigger | undefined;
  readonly keys: Trigger | undefined;
}

function find(condition: Condition, negated: boolean, fieldOf: (name: string) => FieldPath): Found {
  switch (condition.kind) {
    case 'match': return negated ? absenceDenied(condition, fieldOf) : matchFound(condition, fieldOf);
    case 'not': return find(condition.of, !negated, fieldOf);
    case 'and': case 'or': {
      const found = condition.of.map((inner) => find(inner, negated, fieldOf));
      const bests = found.map((one) => one.best);
      const keys = found.map((one) => one.keys);
      if ((condition.kind === 'and') !== negated) return { best: cheapest(bests), keys: cheapest(keys) };
      const all = union(keys);
      return { best: cheapest([union(bests), all]), keys: all };
    }
    default: return condition satisfies never;
  }
}

/** One of them holds: an atom of any is found. undefined when one of them has none to be found. */
export function union(triggers: readonly (Trigger | undefined)[]): Trigger | undefined {
  const atoms = new Map<string, Atom>();
  for (const trigger of triggers) {
    if (trigger === undefined) return undefined;
    for (const atom of trigger) atoms.set(atomKey(atom), atom);
  }
  return [...atoms.values()];
}

const NOTHING: Found = { best: undefined, keys: undefined };

/** A test that fails only where the field has something. */
function absenceDenied({ field, test }: Match, fieldOf: (name: string) => FieldPath): Found {
  const denies = test.kind === 'null' || (test.kind === 'exists' && !test.exists);
  if (!denies || field === undefined) return NOTHING;
  const keys = presence(fieldOf(field));
  return { best: keys, keys };
}

function matchFound(match: Match, fieldOf: (name: string) => FieldPath): Found {
  const { field, test } = match;
  if (test.kind === 'null' || (test.kind === 'exists' && !test.exists)) return NOTHING;
  const path = field === undefined ? undefined : fieldOf(field);
  const own = path === undefined ? undefined : presence(path);
  const keys = test.kind === 'fieldref' ? cheapest([own, presence(fieldOf(test.other))]) : own;
  const texts = textTrigger(match, path);
  return { best: cheapest([path === undefined || texts === undefined ? texts : withScan(path, texts, (name) => texts.map((atom) => scanAtom(atom, name))), keys]), keys };
}

function presence(path: FieldPath): Trigger | undefined {
  const keys = keyAtoms(path.names);
  return keys === undefined ? undefined : withScan(path, keys, () => [SCAN_ATOM]);
}

/** Fields `scan.*` are put on the event after its line was scanned: their texts need not stand there. */
function withScan({ names }: FieldPath, trigger: Trigger, inScan: (field: string) => Trigger): Trigger {
  const field = names.find((name) => name === 'scan' || name.startsWith('scan.'));
  return field === undefined ? trigger : [...inScan(field), ...trigger];
}

/** Texts of the value; undefined when none is sure. */
function textTrigger({ test, decoded }: Match, path: FieldPath | undefined): Trigger | undefined {
  const spelling: Spelling = { joints: path?.joints ?? '', decoded };
  switch (test.kind) {
    case 'text':
      if (test.parts.length > 0) return literalsOfText(test.parts, spelling);
      return path === undefined || decoded ? undefined : emptyAtoms(path.names);
    case 'regex': return regexAtoms(test.pattern, test.flags, spelling);
    case 'null': case 'exists': case 'fieldref': case 'cidr': case 'number': case 'time': return undefined;
    default: return test satisfies never;
  }
}
