import type { ClickHouseClient } from '@clickhouse/client';
import { verifiersAt } from '../../contracts/announced-key.ts';
import { openNote, parseCheckpoint } from '../../contracts/checkpoint.ts';
import type { AnnouncedKey } from '../../contracts/keys.ts';
import { jsonRows } from '../verify/json-rows.ts';
import { namesSite } from '../verify/milestones.ts';
import { LedgerError } from './errors.ts';

/** A site's tree as an announced key signed it. */
export interface SiteCheckpoint {
  readonly site: string;
  /** At least 1. */
  readonly size: number;
  /** 32 bytes. */
  readonly root: Buffer;
  /** Unix ms. */
  readonly signedAtMs: number;
  /** C2SP signed note; cosignatures of witnesses are further lines of it. */
  readonly note: string;
}

interface CheckpointRow {
  readonly site: string;
  readonly size: number;
  readonly root: string;
  readonly signed_ms: number;
  readonly note: string;
}

/** Rows that nobody signed may stand before the newest that somebody did: so many are passed over. */
const MOST_FORGED = 32;

/** Sites of one answer. */
export const SITES_PER_PAGE = 1_000;

const COLUMNS = 'site, size, root, toUnixTimestamp64Milli(signed_at) AS signed_ms, note';

function open({ site, size, root, signed_ms: signedAtMs, note }: CheckpointRow, keys: readonly AnnouncedKey[]): SiteCheckpoint | undefined {
  const opened = openNote(note, verifiersAt(keys, signedAtMs));
  const said = opened === undefined ? undefined : parseCheckpoint(opened.text);
  if (said === undefined || said.size !== size || size === 0 || said.root.toString('base64') !== root || !namesSite(said.origin, site)) return undefined;
  return { site, size, root: said.root, signedAtMs, note };
}

/** The newest checkpoint of a site; with `atLeast` the smallest of at least this size. Undefined when there is none. */
export async function signedCheckpoint(client: ClickHouseClient, keys: readonly AnnouncedKey[], site: string, atLeast?: number): Promise<SiteCheckpoint | undefined> {
  // Of equal ones the longest note first: that with most cosignatures.
  const order = atLeast === undefined ? 'size DESC, length(note) DESC' : 'size, length(note) DESC';
  const query = `SELECT ${COLUMNS} FROM checkpoints WHERE site = {site:String} AND size >= {least:UInt64} ORDER BY ${order} LIMIT ${MOST_FORGED}`;
  const rows = await jsonRows<CheckpointRow>(client, query, { site, least: atLeast ?? 1 });
  for (const row of rows) {
    const checkpoint = open(row, keys);
    if (checkpoint !== undefined) return checkpoint;
  }
  if (rows.length === MOST_FORGED) throw new LedgerError('TQ-LEDGER-05', `site ${site}`);
  return undefined;
}

/** The newest checkpoint of each site whose name comes after, in order of name; a site whose newest row nobody signed is left out. */
export async function newestCheckpoints(client: ClickHouseClient, keys: readonly AnnouncedKey[], after: string): Promise<readonly SiteCheckpoint[]> {
  const newest = `SELECT site, max(size) FROM checkpoints WHERE site > {after:String} GROUP BY site ORDER BY site LIMIT ${SITES_PER_PAGE}`;
  const query = `SELECT ${COLUMNS} FROM checkpoints WHERE (site, size) IN (${newest}) ORDER BY site, length(note) DESC LIMIT 1 BY site`;
  const rows = await jsonRows<CheckpointRow>(client, query, { after });
  return rows.flatMap((row) => open(row, keys) ?? []);
}
