import type { ClickHouseClient } from '@clickhouse/client';
import type { NoteVerifier } from '../../contracts/checkpoint.ts';
import { openRedaction } from '../../contracts/redaction.ts';
import type { Redaction } from '../../contracts/redaction.ts';

const HASH_BYTES = 32;

/** Lines of a site that were changed with a signed word for it. */
export interface Redactions {
  /** Leaf numbers of rows whose word is not what a checkpoint key signed for this site and leaf. */
  readonly forged: readonly number[];
  /** Puts the leaf hash that stands in the tree where the hash of a redacted line stands. `hashes`: of consecutive leaves from `firstLeaf`. */
  restore(hashes: Buffer, firstLeaf: number): void;
  /** Leaves that were restored. */
  readonly restored: ReadonlySet<number>;
}

export async function readRedactions(client: ClickHouseClient, site: string, verifiers: readonly NoteVerifier[]): Promise<Redactions> {
  const answer = await client.query({ query: 'SELECT leaf, note FROM redactions WHERE site = {site:String} ORDER BY leaf, redacted_at', query_params: { site }, format: 'JSONEachRow' });
  const rows = await answer.json<{ readonly leaf: string | number; readonly note: string }>();
  const byLeaf = new Map<number, Redaction[]>();
  const forged: number[] = [];
  for (const row of rows) {
    const leaf = Number(row.leaf);
    const redaction = openRedaction(row.note, verifiers);
    if (redaction?.leaf !== leaf || redaction.origin.split('/').at(-1) !== site) forged.push(leaf);
    else byLeaf.set(leaf, [...(byLeaf.get(leaf) ?? []), redaction]);
  }
  const leaves = [...byLeaf.keys()];
  const restored = new Set<number>();
  return {
    forged, restored,
    restore(hashes, firstLeaf) {
      for (const leaf of leaves) {
        const at = (leaf - firstLeaf) * HASH_BYTES;
        if (at < 0 || at >= hashes.length) continue;
        const found = byLeaf.get(leaf)?.find(({ redactedHash }) => redactedHash.equals(hashes.subarray(at, at + HASH_BYTES)));
        if (found === undefined) continue;
        found.leafHash.copy(hashes, at);
        restored.add(leaf);
      }
    },
  };
}
