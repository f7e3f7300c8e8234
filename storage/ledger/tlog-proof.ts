import type { NoteVerifier } from '../../contracts/checkpoint.ts';
import { openNote, parseCheckpoint } from '../../contracts/checkpoint.ts';
import { verifyInclusion } from '../../contracts/proof.ts';
import type { InclusionProof } from './ledger-reader.ts';

/** C2SP tlog-proof (c2sp.org/tlog-proof): an inclusion proof and the checkpoint it leads to, in one text that is checked offline. */
const HEADER = 'c2sp.org/tlog-proof@v1';

/** A tree of 2^53 leaves has no longer proof. */
const MOST_HASHES = 64;

export function formatTlogProof({ leaf, path }: Pick<InclusionProof, 'leaf' | 'path'>, note: string): string {
  return `${[HEADER, `index ${leaf}`, ...path.map((hash) => hash.toString('base64'))].join('\n')}\n\n${note}`;
}

export interface TlogProof {
  readonly leaf: number;
  readonly path: readonly Buffer[];
  readonly note: string;
}

/** Undefined when it is none. Extra data, which nobody signed, is passed over. */
export function parseTlogProof(text: string): TlogProof | undefined {
  const split = text.indexOf('\n\n');
  const [header, ...lines] = text.slice(0, Math.max(0, split)).split('\n', MOST_HASHES + 3);
  if (lines[0]?.startsWith('extra ') === true) lines.shift();
  const index = /^index (0|[1-9]\d{0,15})$/.exec(lines.shift() ?? '')?.[1];
  const path = lines.map((line) => Buffer.from(line, 'base64'));
  if (header !== HEADER || index === undefined || lines.length > MOST_HASHES || path.some((hash, i) => hash.length !== 32 || hash.toString('base64') !== lines[i])) return undefined;
  return { leaf: Number(index), path, note: text.slice(split + 2) };
}

/** Whether the proof leads from the leaf to a checkpoint of this log that one of the keys signed. */
export function verifyTlogProof(text: string, leafHash: Buffer, origin: string, verifiers: readonly NoteVerifier[]): boolean {
  const proof = parseTlogProof(text);
  const opened = proof === undefined ? undefined : openNote(proof.note, verifiers);
  const checkpoint = opened === undefined ? undefined : parseCheckpoint(opened.text);
  if (proof === undefined || checkpoint === undefined || checkpoint.origin !== origin) return false;
  return verifyInclusion(leafHash, proof.leaf, checkpoint.size, proof.path, checkpoint.root);
}
