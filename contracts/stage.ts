import type { DeadLetterReason } from './line-status.ts';
import type { Provenance } from './provenance.ts';
import type { SiteKeys } from './keys.ts';
import type { Observation } from './observation.ts';
import type { TableName } from './tables.ts';

/**
 * The detection stage: opened blocks in, table rows and leaf hashes out. Pure and deterministic: the same blocks, keys
 * and versions give the same bytes, which is what recovery after a crash rests on.
 */
export interface StageVersions {
  /** The frozen derivation of columns from lines. */
  readonly derivation: number;
  /** Version of the sealed rule set, see `contracts/rule-set.ts`. */
  readonly rules: string;
}

export interface StageBlock {
  readonly site: string;
  readonly stream: string;
  /** Our epoch. */
  readonly epoch: number;
  /** Sequence of the body's first line. */
  readonly firstSeq: number;
  /** Leading lines that were stored before (a repeat that overlaps): counted in the sequence, otherwise passed over. */
  readonly skipLines: number;
  readonly receivedAtMs: number;
  readonly provenance: Provenance;
  readonly partition: number;
  readonly position: number;
  /** Size of the site's tree before this block. */
  readonly firstLeaf: number;
  /** The lines, each ended by a line feed (without the header line of a chained block). */
  readonly body: Buffer;
  /** Whether each line starts with a nonce and a space. */
  readonly nonces: boolean;
  /** Lines to be put aside whatever they hold: refused by a parser, or by the store. */
  readonly rejects: ReadonlyMap<number, DeadLetterReason>;
  readonly keys: SiteKeys;
}

export interface BlockOutcome {
  /** Events stored, each a leaf. */
  readonly stored: number;
  readonly deadLetters: number;
  readonly maskedSpans: number;
  readonly alerts: number;
  /** `stored` leaf hashes of 32 bytes, in order. */
  readonly leaves: Buffer;
  /** What the second stage should see of the block's lines, in their order. */
  readonly observations: readonly Observation[];
  /** Each token once. In the vault before the group is committed. */
  readonly recoverable: readonly RecoverableValue[];
}

/** A value that was masked and may have to be shown again. */
export interface RecoverableValue {
  readonly token: string;
  /** As it stood, decoded. */
  readonly value: string;
  /** Tokens of the persons whom events about one person name, without its own: erasing one of them erases the value, too. */
  readonly subjects: readonly string[];
}

/** One insert: all rows of one table, tier and month of receipt of a group. */
export interface TableRows {
  readonly table: TableName;
  readonly tier: string;
  readonly rows: number;
  readonly format: 'Native' | 'JSONEachRow';
  readonly data: Buffer;
}

export interface StageGroup {
  /** Blocks in the order of their positions. */
  add(block: StageBlock): BlockOutcome;
  /** All rows of the group. The group cannot be added to afterwards. */
  finish(): readonly TableRows[];
}

export interface Stage {
  readonly versions: StageVersions;
  begin(): StageGroup;
}
