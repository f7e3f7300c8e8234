import { createHash } from 'node:crypto';
import type { Provenance } from './provenance.ts';

/**
 * The canonical envelope of a stored event, what a leaf of the site's tree commits to. One value a line; names hold no
 * line feed, so the text has one reading. `line` comes last and is the masked line as stored.
 */
export interface LeafEnvelope {
  readonly site: string;
  readonly stream: string;
  /** Our epoch of the chain (a fork gets a new one), from 1. */
  readonly epoch: number;
  /** Unix milliseconds. */
  readonly receivedAtMs: number;
  readonly provenance: Provenance;
  /** Version of the frozen derivation that made the columns. */
  readonly derivation: number;
  readonly seq: number;
}

/** All of the envelope before the sequence: equal for each line of a block. Ends with a line feed. */
export function envelopePrefix(e: Omit<LeafEnvelope, 'seq'>): string {
  return `tourniquet/leaf/v1\n${e.site}\n${e.stream}\n${e.epoch}\n${e.receivedAtMs}\n${e.provenance}\n${e.derivation}\n`;
}

/** RFC 6962 leaf hash: SHA-256(0x00 || envelope), envelope = prefix, sequence, line feed, masked line. */
export function leafHash(envelope: LeafEnvelope, line: Uint8Array): Buffer {
  return createHash('sha256').update('\0').update(`${envelopePrefix(envelope)}${envelope.seq}\n`).update(line).digest();
}

/** The same in ClickHouse SQL over the columns of `events`. */
export const LEAF_SQL =
  "SHA256(concat('\\0', 'tourniquet/leaf/v1\\n', site, '\\n', stream, '\\n', toString(epoch), '\\n', toString(toUnixTimestamp64Milli(received_at)), '\\n', provenance, '\\n', toString(derivation), '\\n', toString(seq), '\\n', line))";
