import type { Provenance } from '../contracts/provenance.ts';
import type { RecoverableValue } from '../contracts/stage.ts';
import { TOKEN_LETTERS } from '../contracts/token.ts';
import type { Recoverable } from './mask/mask-line.ts';

/** The values of a block's masks that compliance may ask for, each with the persons its events are about. */
export interface RecoverableValues {
  /** `event`: the masked one. */
  add(values: readonly Recoverable[], event: unknown): void;
  /** Each token once, in the order of their first events. */
  all(): readonly RecoverableValue[];
}

const TOKEN = new RegExp(`^[a-p]{${TOKEN_LETTERS}}$`);

/** `subjects: [{ type, token }]` of an event: only a signed chain may say whom an event is about. */
function subjectsOf(event: unknown, provenance: Provenance): readonly string[] {
  if (provenance !== 'plugin' || typeof event !== 'object' || event === null || !('subjects' in event)) return [];
  return [event.subjects].flat().flatMap((subject: unknown) => {
    const token: unknown = typeof subject === 'object' && subject !== null && 'token' in subject ? subject.token : undefined;
    return typeof token === 'string' && TOKEN.test(token) ? [token] : [];
  });
}

export function recoverableValues(provenance: Provenance): RecoverableValues {
  const known = new Map<string, { readonly value: string; readonly subjects: Set<string> }>();
  return {
    add(values, event) {
      if (values.length === 0) return;
      const subjects = subjectsOf(event, provenance);
      for (const { token, value } of values) {
        let one = known.get(token);
        if (one === undefined) known.set(token, (one = { value, subjects: new Set() }));
        for (const subject of subjects) if (subject !== token) one.subjects.add(subject);
      }
    },
    all: () => Array.from(known, ([token, { value, subjects }]) => ({ token, value, subjects: [...subjects] })),
  };
}
