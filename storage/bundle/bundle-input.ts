import type { AnnouncedKey } from '../../contracts/keys.ts';
import type { LeafEnvelope } from '../../contracts/leaf.ts';
import type { RuleSet } from '../../contracts/rule-set.ts';
import type { ScopeReport } from '../../contracts/scope.ts';

/** A signed checkpoint of a site's log. */
export interface BundleCheckpoint {
  readonly size: number;
  /** 32 bytes. */
  readonly root: Buffer;
  readonly note: string;
}

/** A leaf's place in the tree: siblings from the leaf up (RFC 6962, section 2.1.1). Every hash is 32 bytes. */
export interface LeafProof {
  readonly leaf: number;
  /** As it stands in the tree, of a line that was redacted or expired, too. */
  readonly leafHash: Buffer;
  readonly path: readonly Buffer[];
}

export interface StoredEvidence {
  readonly leaf: number;
  readonly envelope: LeafEnvelope;
  /** As stored: masked. */
  readonly line: string;
  /** The note that vouches for a redacted line, `contracts/redaction.ts`. */
  readonly redaction: string | undefined;
}

/** What is left of a line that was dropped by policy. */
export interface ExpiredEvidence {
  readonly leaf: number;
  /** Id of the expiry, `contracts/expiry.ts`. */
  readonly expired: string;
}

export type Evidence = StoredEvidence | ExpiredEvidence;

/** Of one leaf. */
export interface ProvenEvidence {
  readonly evidence: Evidence;
  /** Leads to the checkpoint of the computation. */
  readonly proof: LeafProof;
}

/** The line of the deployment's log that names the checkpoint of the computation, or the newest. */
export interface DeploymentEntry {
  readonly evidence: StoredEvidence;
  readonly proof: LeafProof;
  readonly checkpoint: BundleCheckpoint;
}

/** One stored block of lines: what coverage.ndjson holds of each. Heads are base64, as the table `blocks` has them. */
export interface Batch {
  readonly stream: string;
  readonly epoch: number;
  readonly first_seq: number;
  readonly lines: number;
  readonly stored: number;
  readonly dead: number;
  /** Unix ms. */
  readonly receivedAtMs: number;
  readonly provenance: string;
  readonly first_leaf: number;
  readonly previous_head: string;
  readonly head: string;
}

/** A signed statement of where data went: the note `text` signs the SHA-256 of `json`. */
export interface BundleStatement {
  readonly text: string;
  readonly json: string;
}

/** All that a bundle is made of. Equal input gives equal bytes: there is no clock and no chance in it. */
export interface BundleInput {
  readonly deployment: string;
  readonly report: ScopeReport;
  /** The checkpoint that every proof leads to; at least `report.treeSize` leaves. */
  readonly computed: BundleCheckpoint;
  readonly newest: BundleCheckpoint;
  /** From `computed` to `newest`. */
  readonly consistency: readonly Buffer[];
  /** Undefined as long as the deployment's log names neither. */
  readonly deploymentEntry: DeploymentEntry | undefined;
  /** Of `evidenceLeaves(report)`, rising, some at a time: never all lines in memory. */
  readonly evidence: AsyncIterable<readonly ProvenEvidence[]>;
  /** The signed words of these expiries, by id; asked when the evidence was taken. */
  readonly expiries: (ids: readonly string[]) => Promise<readonly { readonly id: string; readonly note: string }[]>;
  /** By stream, epoch and sequence. */
  readonly batches: AsyncIterable<readonly Batch[]>;
  /** Of each version in `report.rules`. */
  readonly ruleSets: readonly RuleSet[];
  readonly keys: { readonly checkpoint: readonly AnnouncedKey[]; readonly expiry: string };
  /** Seals what only the site may read: `noticeKey` of `contracts/keys.ts`. */
  readonly notice: { readonly epoch: number; readonly key: Buffer };
  readonly statement: BundleStatement | undefined;
  /** `signStatement('bundle', site, body)` of `contracts/keys.ts`. */
  readonly sign: (body: string) => Promise<string>;
}

/** Where a bundle's files go, one after the other. Names are relative, with `/`. */
export interface BundleSink {
  write(name: string, chunks: AsyncIterable<string>): Promise<void>;
}

/** Leaves whose lines a bundle holds, rising. */
export function evidenceLeaves({ deeds, links, subjects, takenOver }: ScopeReport): readonly number[] {
  const leaves = new Set(deeds.map(({ leaf }) => leaf));
  for (const { evidence } of links) for (const leaf of evidence) leaves.add(leaf);
  for (const { evidence } of subjects) for (const leaf of evidence) leaves.add(leaf);
  if (takenOver !== undefined) leaves.add(takenOver.leaf);
  return [...leaves].toSorted((a, b) => a - b);
}
