import { hash } from 'node:crypto';
import type { Alert } from '../../contracts/alert.ts';
import type { Level } from '../../contracts/pack.ts';
import type { TableRows } from '../../contracts/stage.ts';
import type { TableName } from '../../contracts/tables.ts';
import type { TileRoot } from '../../contracts/tile.ts';
import type { Notice } from './chain-tracker.ts';

/** Rows the committer itself makes: blocks, gaps, nodes of trees, alerts about chains and the log, dead letters of damaged records. */

const TIER = 'standard';
const RULE_VERSION = '1';

/** Each act against a chain is told by itself, and at once. */
const UNGROUPED = { late: 0, group: '', quiet_s: 0, back_off: 0, quiet_most_s: 0 } as const satisfies Partial<Alert>;

/** Where a row's block stands. */
export interface RowPlace {
  readonly site: string;
  readonly stream: string;
  readonly receivedAtMs: number;
  readonly partition: number;
  readonly position: number;
  /** Size of the site's tree before the block. */
  readonly leaf: number;
}

interface BuiltInRule {
  readonly rule: string;
  readonly title: string;
  readonly level: Level;
}

const GAP: BuiltInRule = { rule: 'tourniquet.chain.gap', title: 'Lines are missing in a shipper\'s chain', level: 'high' };
const FORK: BuiltInRule = { rule: 'tourniquet.chain.fork', title: 'A shipper\'s chain contradicts what it sent before', level: 'critical' };
const RESTART: BuiltInRule = { rule: 'tourniquet.chain.restart', title: 'A shipper began a new chain', level: 'high' };
const FORGOTTEN: BuiltInRule = { rule: 'tourniquet.chain.forgotten', title: 'More gaps or branches than are tracked: a chain goes on under a new epoch', level: 'high' };
export const DAMAGED: BuiltInRule = { rule: 'tourniquet.log.damaged', title: 'A record of the event log cannot be opened', level: 'critical' };
export const LOST: BuiltInRule = { rule: 'tourniquet.log.lost', title: 'The event log let go of records before they were stored', level: 'critical' };

/** ClickHouse's basic date and time, UTC. */
function time(ms: number): string {
  return new Date(ms).toISOString().replace('T', ' ').slice(0, 23);
}

/** `alert_` and 32 letters of SHA-256 over site, position and rule: one block raises a rule once. */
export function alertId(place: RowPlace, rule: string): string {
  const digest = hash('sha256', `tourniquet/alert/v1\n${place.site}\n${place.partition}:${place.position}\n${rule}\n`, 'buffer');
  let letters = '';
  for (const byte of digest.subarray(0, 16)) letters += String.fromCharCode(97 + (byte >> 4), 97 + (byte & 15));
  return `alert_${letters}`;
}

export function alertRow(place: RowPlace, { rule, title, level }: BuiltInRule, epoch: number, seq: number): object {
  const { site, stream, leaf, partition, position } = place;
  const at = time(place.receivedAtMs);
  const alert = {
    id: alertId(place, rule), site, leaf, rule, rule_version: RULE_VERSION, title, level, class: 'integrity', field: '', source_ip: '', stream, epoch, seq,
    ...UNGROUPED,
  } satisfies Omit<Alert, 'received_at' | 'timestamp'>;
  return { ...alert, received_at: at, timestamp: at, partition, position };
}

/** One alert a rule, however many notices of its kind a block causes. */
export function chainAlerts(place: RowPlace, notices: readonly Notice[], firstSeq: number, opened: boolean): readonly object[] {
  const found = new Map<BuiltInRule, object>();
  for (const n of notices) {
    const rule = ruleOf(n, opened);
    if (rule !== undefined && !found.has(rule)) found.set(rule, alertRow(place, rule, n.epoch, n.type === 'gap' ? n.from : firstSeq));
  }
  return [...found.values()];
}

function ruleOf(notice: Notice, gapsCount: boolean): BuiltInRule | undefined {
  switch (notice.type) {
    case 'fork':
      return FORK;
    case 'restart':
      return RESTART;
    case 'branch_forgotten':
      return FORGOTTEN;
    case 'gap':
      return notice.state === 'open' && gapsCount ? GAP : undefined;
    default:
      return notice satisfies never;
  }
}

export function gapRows(place: RowPlace, notices: readonly Notice[]): readonly object[] {
  const { site, stream, partition, position } = place;
  return notices.filter((n) => n.type === 'gap').map((n) => ({ site, stream, epoch: n.epoch, from_seq: n.from, to_seq: n.to, state: n.state, received_at: time(place.receivedAtMs), partition, position }));
}

/** Positions of the log as a hole on the trail that nothing closes. */
export function lostRow({ site, stream, receivedAtMs, partition, position }: RowPlace, lost: { readonly from: number; readonly to: number }): object {
  return { site, stream, epoch: 0, from_seq: lost.from, to_seq: lost.to, state: 'lost', received_at: time(receivedAtMs), partition, position };
}

export interface BlockRow {
  readonly epoch: number;
  readonly firstSeq: number;
  readonly lines: number;
  readonly stored: number;
  readonly dead: number;
  readonly maskedSpans: number;
  readonly provenance: string;
  readonly previousHead: string;
  readonly head: string;
}

export function blockRow(place: RowPlace, b: BlockRow): object {
  const { site, stream, partition, position } = place;
  return {
    site, stream, epoch: b.epoch, first_seq: b.firstSeq, lines: b.lines, stored: b.stored, dead: b.dead, masked_spans: b.maskedSpans,
    received_at: time(place.receivedAtMs), provenance: b.provenance, partition, position, first_leaf: place.leaf, previous_head: b.previousHead, head: b.head,
  };
}

/** Of the tiles that a block's leaves completed. */
export function nodeRows({ site, receivedAtMs, partition, position }: RowPlace, roots: readonly TileRoot[]): readonly object[] {
  return roots.map(({ tile, hash: root, runs }) => ({ site, tile, hash: root.toString('base64'), roots: runs.toString('base64'), received_at: time(receivedAtMs), partition, position }));
}

/** `original` is the record as the log holds it, in base64: it is sealed already, or empty when it has no frame. */
export function damagedRow(place: RowPlace, bytes: number, original: string): object {
  const { site, stream, partition, position } = place;
  return { site, stream, epoch: 0, seq: 0, received_at: time(place.receivedAtMs), partition, position, line_index: 0, reason: 'damaged_record', bytes, original };
}

/** Rows as one insert. */
export function jsonRows(table: TableName, rows: readonly object[]): TableRows {
  const data = Buffer.from(rows.map((r) => `${JSON.stringify(r)}\n`).join(''));
  return { table, tier: TIER, rows: rows.length, format: 'JSONEachRow', data };
}
