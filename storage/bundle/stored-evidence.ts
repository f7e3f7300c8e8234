import type { ClickHouseClient } from '@clickhouse/client';
import type { NoteVerifier } from '../../contracts/checkpoint.ts';
import { leafHash } from '../../contracts/leaf.ts';
import { openRedaction } from '../../contracts/redaction.ts';
import { TILE_LEAVES } from '../../contracts/tile.ts';
import { StorageError } from '../errors.ts';
import type { LedgerReader, ProvenLeaf } from '../ledger/ledger-reader.ts';
import type { StoredRow } from '../ledger/stored-row.ts';
import { jsonRows } from '../verify/json-rows.ts';
import type { ProvenEvidence, StoredEvidence } from './bundle-input.ts';

export interface EvidenceSources {
  readonly client: ClickHouseClient;
  readonly ledger: Pick<LedgerReader, 'provenLeaves'>;
  /** Keys whose redactions count. */
  readonly verifiers: readonly NoteVerifier[];
}

/** The stored lines of leaves, rising, each with its proof, some at a time. Throws when a leaf has neither a row nor an expiry. */
export async function* storedEvidence({ client, ledger, verifiers }: EvidenceSources, site: string, leaves: readonly number[], size: number): AsyncGenerator<readonly ProvenEvidence[]> {
  for await (const proven of ledger.provenLeaves(site, leaves, size)) {
    const [redactions, expired] = await Promise.all([
      redactionsOf(client, site, proven.map(({ leaf }) => leaf)),
      expiriesOf(client, site, proven.flatMap(({ leaf, row }) => (row === undefined ? [leaf] : []))),
    ]);
    yield proven.map(({ row, ...proof }: ProvenLeaf): ProvenEvidence => {
      const { leaf } = proof;
      if (row !== undefined) return { proof, evidence: evidenceOf(site, leaf, row, redactions.get(leaf) ?? [], verifiers) };
      const expiry = expired.get(leaf);
      if (expiry === undefined) throw new StorageError('bundleUnproven', `leaf ${leaf} is neither stored nor expired`);
      return { proof, evidence: { leaf, expired: expiry } };
    });
  }
}

/** As text of SQL: thousands do not fit into a request's address, where parameters go. */
function numbers(values: readonly number[]): string {
  if (!values.every(Number.isSafeInteger)) throw new RangeError('a leaf is no number');
  return values.join(',');
}

function evidenceOf(site: string, leaf: number, { envelope: place, line }: StoredRow, notes: readonly string[], verifiers: readonly NoteVerifier[]): StoredEvidence {
  const envelope = { site, ...place };
  const hash = notes.length === 0 ? undefined : leafHash(envelope, Buffer.from(line));
  const redaction = notes.find((note) => hash !== undefined && openRedaction(note, verifiers)?.redactedHash.equals(hash));
  return { leaf, line, redaction, envelope };
}

async function redactionsOf(client: ClickHouseClient, site: string, leaves: readonly number[]): Promise<ReadonlyMap<number, readonly string[]>> {
  const query = `SELECT leaf, note FROM redactions WHERE site = {site:String} AND leaf IN (${numbers(leaves)}) ORDER BY leaf, redacted_at, note`;
  const notes = new Map<number, string[]>();
  for (const { leaf, note } of await jsonRows<{ readonly leaf: number; readonly note: string }>(client, query, { site })) notes.set(leaf, [...(notes.get(leaf) ?? []), note]);
  return notes;
}

/** Ids of the expiries that took the rows. */
async function expiriesOf(client: ClickHouseClient, site: string, leaves: readonly number[]): Promise<ReadonlyMap<number, string>> {
  if (leaves.length === 0) return new Map();
  const query = `SELECT leaf, min(expiry) AS expiry FROM (
      SELECT tile * ${TILE_LEAVES} + arrayJoin(offsets) AS leaf, expiry FROM expired_leaves
      WHERE site = {site:String} AND tile IN (${numbers([...new Set(leaves.map((leaf) => Math.floor(leaf / TILE_LEAVES)))])})
    ) WHERE leaf IN (${numbers(leaves)}) GROUP BY leaf`;
  const rows = await jsonRows<{ readonly leaf: number; readonly expiry: string }>(client, query, { site });
  return new Map(rows.map(({ leaf, expiry }) => [leaf, expiry]));
}

/** The signed words of expiries, in the order of `ids`. */
export async function storedExpiries(client: ClickHouseClient, ids: readonly string[]): Promise<readonly { readonly id: string; readonly note: string }[]> {
  if (ids.length === 0) return [];
  const rows = await jsonRows<{ readonly id: string; readonly note: string }>(client, 'SELECT id, min(note) AS note FROM expiries WHERE id IN {ids:Array(String)} GROUP BY id', { ids });
  const notes = new Map(rows.map(({ id, note }) => [id, note]));
  return ids.map((id) => ({ id, note: notes.get(id) ?? '' }));
}
