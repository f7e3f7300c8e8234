import type { Signature } from '../../contracts/pack.ts';
import { rulesOf } from '../mask/exact-match.ts';
import { seenIn } from './seen-in.ts';

export interface ExampleFailure {
  readonly signature: string;
  readonly kind: 'positive' | 'negative';
  readonly index: number;
  readonly because: string;
}

/** Examples that a signature should find and does not, or finds and should not. Each stands in the first field the signature looks at. */
export function exampleFailures(signatures: readonly Signature[]): readonly ExampleFailure[] {
  return signatures.flatMap((signature) => {
    const rules = rulesOf({ signatures: [signature] });
    const found = (text: string): boolean => seenIn(JSON.stringify({ [signature.fields?.[0] ?? 'message']: text }), rules).length > 0;
    const failures = (kind: 'positive' | 'negative', wanted: boolean, because: string): readonly ExampleFailure[] =>
      signature[kind].flatMap((text, index) => (found(text) === wanted ? [] : [{ signature: signature.id, kind, index, because }]));
    return [...failures('positive', true, 'is not found'), ...failures('negative', false, 'is found')];
  });
}
