import type { Provenance } from '../contracts/provenance.ts';
import type { RecoverableValue } from '../contracts/stage.ts';
import { TOKEN_LETTERS } from '../contracts/token.ts';
import type { Recoverable } from './mask/mask-line.ts';

/** The values of a block's masks that compliance may ask for, each with the persons that events about one person name. */
export interface RecoverableValues {
  /** `event`: the masked one. */
  add(values: readonly Recoverable[], event: unknown): void;
  /** Each token once, in the order of their first events. */
  all(): readonly RecoverableValue[];
}

const TOKEN = new RegExp(`^[a-p]{${TOKEN_LETTERS}}$`);

/**
 * The one person of `subjects: [{ type, token }]`: only a signed chain may say whom an event is about. Where it names several,
 * nobody can say whose a value is, and erasing one of them must not take the values of the others along.
 */
function subjectOf(event: unknown, provenance: Provenance): string | undefined {
  if (provenance !== 'plugin' || typeof event !== 'object' || event === null || !('subjects' in event)) return undefined;
  const [only, ...others]: readonly unknown[] = [event.subjects].flat();
  const token: unknown = typeof only === 'object' && only !== null && 'token' in only ? only.token : undefined;
  return others.length === 0 && typeof token === 'string' && TOKEN.test(token) ? token : undefined;
}

export function recoverableValues(provenance: Provenance): RecoverableValues {
  const known = new Map<string, { readonly value: string; readonly subjects: Set<string> }>();
  return {
    add(values, event) {
      if (values.length === 0) return;
      const subject = subjectOf(event, provenance);
      for (const { token, value } of values) {
        let one = known.get(token);
        if (one === undefined) known.set(token, (one = { value, subjects: new Set() }));
        if (subject !== undefined && subject !== token) one.subjects.add(subject);
      }
    },
    all: () => Array.from(known, ([token, { value, subjects }]) => ({ token, value, subjects: [...subjects] })),
  };
}
