import type { LeafEnvelope } from '../../contracts/leaf.ts';
import type { Provenance } from '../../contracts/provenance.ts';

/** A stored line in its envelope, as its row has it: masked, redacted where it was. */
export interface StoredRow {
  readonly envelope: Omit<LeafEnvelope, 'site'>;
  readonly line: string;
}

/** A row of `events` as one JSON array. */
export const STORED_ROW_SQL = 'toJSONString((stream, epoch, seq, toUnixTimestamp64Milli(received_at), provenance, derivation, line))';

type Fields = readonly [stream: string, epoch: number | string, seq: number | string, receivedAtMs: number | string, provenance: Provenance, derivation: number | string, line: string];

export function parseStoredRow(text: string): StoredRow {
  // What the SQL above writes; 64-bit numbers may be quoted.
  const [stream, epoch, seq, receivedAtMs, provenance, derivation, line] = JSON.parse(text) as Fields;
  return { envelope: { stream, epoch: Number(epoch), seq: Number(seq), receivedAtMs: Number(receivedAtMs), provenance, derivation: Number(derivation) }, line };
}
