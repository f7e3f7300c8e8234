import type { Example, Signature } from '../../contracts/pack.ts';
import { rulesOf } from '../mask/exact-match.ts';
import { seenIn } from './seen-in.ts';

export interface ExampleFailure {
  readonly signature: string;
  readonly kind: 'positive' | 'negative';
  readonly index: number;
  readonly because: string;
}

/** A name that a field may have which the signature looks at. */
function someField({ fields: [first = 'message'] = [] }: Signature): string {
  return first.replace(/^\*\./, 'some.').replace(/\.\*$/, '.some');
}

/** An event that holds an example. */
export function exampleLine(signature: Signature, example: Example): string {
  const { field, text } = typeof example === 'string' ? { field: someField(signature), text: example } : example;
  return JSON.stringify({ [field]: text });
}

/** Examples that a signature should find and does not, or finds and should not. */
export function exampleFailures(signatures: readonly Signature[]): readonly ExampleFailure[] {
  return signatures.flatMap((signature) => {
    const rules = rulesOf([signature]);
    const found = (example: Example): boolean => seenIn(exampleLine(signature, example), rules).length > 0;
    const failures = (kind: 'positive' | 'negative', wanted: boolean, because: string): readonly ExampleFailure[] =>
      signature[kind].flatMap((example, index) => (found(example) === wanted ? [] : [{ signature: signature.id, kind, index, because }]));
    return [...failures('positive', true, 'is not found'), ...failures('negative', false, 'is found')];
  });
}
