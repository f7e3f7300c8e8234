import type { FieldPolicy, Kept } from '../../contracts/field-policy.ts';
import { PATTERN_FLAGS } from '../native/binding.ts';
import type { Expression } from '../native/binding.ts';
import { fieldMatcher } from '../pack/field-names.ts';

/** Field names that senders make up are not all remembered. */
const MOST_REMEMBERED = 4096;

export interface FieldPolicies {
  /** One of them is found in every line with a field that is not kept as text, and where brackets of masks stand. */
  readonly expressions: readonly Expression[];
  /** How a field is kept, by its dotted path without what stands above it that is itself not kept as text. */
  keptAs(path: string): Kept;
}

/**
 * Names of objects that most events have: `email.body` is looked for by `email`, or every answer's `body.bytes` would be
 * looked at. A path holds all of its names, so any of them will do.
 */
const COMMON_NAMES = ['body', 'request', 'response', 'http', 'event', 'url', 'user', 'wordpress', 'woocommerce', 'order'];

function rarestName(field: string): string {
  const names = field.split('.').filter((name) => name !== '*');
  return names.findLast((name) => !COMMON_NAMES.includes(name)) ?? names.at(-1) ?? '';
}

const FLAGS = PATTERN_FLAGS.caseless | PATTERN_FLAGS.lineBound | PATTERN_FLAGS.plainOnly;
/** Of masks: U+27E6 and U+27E7 in UTF-8. */
const BRACKETS: Expression = { text: '\\xe2\\x9f[\\xa6\\xa7]', flags: FLAGS };

/** A key, or one of the names a dotted key consists of. */
function keyExpression(name: string): Expression {
  return { text: `[".]${name.replaceAll(/[^a-z0-9_]/g, '\\$&')}(?:"[ \\t\\r]*:|[.])`, flags: FLAGS };
}

/** Undefined without policies. */
export function fieldPolicies(policies: readonly FieldPolicy[]): FieldPolicies | undefined {
  if (policies.length === 0) return undefined;
  const tests = policies.map(({ keep, fields }) => ({ keep, fits: fieldMatcher(fields.flatMap((field) => (field.startsWith('*.') ? [field, field.slice(2)] : field))) }));
  const names = new Set(policies.flatMap(({ keep, fields }) => (keep === 'text' ? [] : fields.map(rarestName))));
  const known = new Map<string, Kept>();
  return {
    expressions: [...[...names].toSorted().map(keyExpression), BRACKETS],
    keptAs(path) {
      let kept = known.get(path);
      if (kept === undefined) {
        const lower = path.toLowerCase();
        kept = tests.find(({ fits }) => fits(lower))?.keep ?? 'text';
        if (known.size < MOST_REMEMBERED) known.set(path, kept);
      }
      return kept;
    },
  };
}
