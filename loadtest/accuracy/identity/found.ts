import type { LineScan } from '../../../detect/scan.ts';

/** A place where a signature of personal data matched. */
export interface Found {
  /** Its id without `tourniquet.identity.`. */
  readonly signature: string;
  readonly class: string;
  readonly field: string;
  readonly span: readonly [start: number, end: number];
}

const BATCH_LINES = 2_000;

/** What is found of the identity signatures, line by line. */
export function foundIn(scan: LineScan, lines: readonly string[]): readonly (readonly Found[])[] {
  const found: Found[][] = lines.map(() => []);
  for (let first = 0; first < lines.length; first += BATCH_LINES) {
    const batch = lines.slice(first, first + BATCH_LINES);
    for (const result of scan.scan(batch, batch.map((_, i) => first + i))) {
      if (result.kind !== 'detection' || !result.rule.startsWith('tourniquet.identity.')) continue;
      found[result.line]?.push({ signature: result.rule.slice('tourniquet.identity.'.length), class: result.class, field: result.field, span: result.span });
    }
  }
  return found;
}

/** Whether a signature is that of a kind, in any of its forms: `za-id` and `za-id-named`. */
export function isOf(signature: string, kind: string): boolean {
  return signature === kind || signature.startsWith(`${kind}-`);
}
