import { MAX_BLOCK_BYTES, MAX_BLOCK_LINES } from '../../contracts/limits.ts';

/** Lines of one record, each ended by a line feed. */
export interface LineBody {
  readonly lines: number;
  readonly body: Buffer;
}

/** Bodies as large as a record's may be. Where they are cut follows from the lines, so that every try cuts alike: these limits never change. */
export function bodiesOf(lines: readonly string[]): readonly LineBody[] {
  const bodies: LineBody[] = [];
  let [held, bytes]: [Buffer[], number] = [[], 0];
  const cut = (): void => {
    bodies.push({ lines: held.length, body: Buffer.concat(held) });
    [held, bytes] = [[], 0];
  };
  for (const line of lines) {
    const next = Buffer.from(`${line}\n`);
    if (held.length > 0 && (bytes + next.length > MAX_BLOCK_BYTES || held.length === MAX_BLOCK_LINES)) cut();
    held.push(next);
    bytes += next.length;
  }
  if (held.length > 0) cut();
  return bodies;
}
