import type { Expiry } from './expiry.ts';
import type { Letter } from './letter.ts';

/** What other roles ask of the `keys` role. Every call is audited there. Errors are `KeysError`. */

export interface SiteKeys {
  readonly site: string;
  readonly epoch: number;
  /** 32 bytes: tokens of this site and epoch. */
  readonly token: Buffer;
  /** 32 bytes: seals the originals of dead letters. */
  readonly deadLetter: Buffer;
}

/** The worker's X25519 public key, to which gateways wrap their data keys. */
export interface SealingKey {
  /** 16 hex characters. */
  readonly id: string;
  /** 32 bytes. */
  readonly publicKey: Buffer;
}

/** For gateways, and for the worker's own records: seal only. */
export interface SealingKeys {
  sealingKey(): Promise<SealingKey>;
}

/** 32 bytes: shingles of registered documents. One for the deployment and for good: what was registered cannot be hashed anew. */
export interface FingerprintKeys {
  fingerprintKey(): Promise<Buffer>;
}

/** For workers: open blocks, make tokens, publish checkpoints. */
export interface WorkerKeys {
  /** Keys of a site at a key epoch; the newest when none is named. */
  siteKeys(site: string, epoch?: number): Promise<SiteKeys>;
  /** A data key (32 bytes) from its wrapped form. */
  unwrap(sealingKeyId: string, wrapped: Buffer): Promise<Buffer>;
  /**
   * A checkpoint of `site` as a C2SP signed note. Refused when a larger tree, or another root of the same size, was
   * signed before: the key vouches for one history.
   */
  signCheckpoint(site: string, size: number, root: Buffer): Promise<string>;
}

/** A masked value that must stay recoverable. */
export interface VaultEntry {
  readonly site: string;
  readonly token: string;
  /** Tokens of the persons it belongs to, beside itself: the token of an identifier is a person's, too. */
  readonly subjects: readonly string[];
  readonly value: Buffer;
}

/** For the compliance role: what must stay recoverable. One key an entry; erasing it erases the value. */
export interface Vault {
  /** Durable when it resolves. An entry that is there stays as it is and is linked to further subjects. */
  put(entries: readonly VaultEntry[]): Promise<void>;
  /** Undefined when there is none or its key was erased. The reason goes on the audit. */
  reveal(site: string, token: string, reason: string): Promise<Buffer | undefined>;
  /** Erases the keys of every entry of a subject, its own among them; returns how many. */
  erase(site: string, subject: string, reason: string): Promise<number>;
}

/** For the compliance role: vouches for a line that was changed after it was stored. */
export interface RedactionKeys {
  /** A note as `contracts/redaction.ts` describes it. */
  signRedaction(site: string, leaf: number, leafHash: Buffer, redactedHash: Buffer, reason: string): Promise<string>;
}

/** A key that signs for the deployment, and from when to when (Unix ms) it did. */
export interface AnnouncedKey {
  /** C2SP verifier key: `name+hash+base64`. */
  readonly verifier: string;
  readonly fromMs: number;
  /** Undefined: still. */
  readonly untilMs: number | undefined;
  /** The note by which the key before vouched for this one; undefined of the first. */
  readonly announcement: string | undefined;
}

/** What verifiers need, public. */
export interface PublicKeys {
  /** C2SP verifier key of the newest checkpoint signer: `name+hash+base64`. */
  checkpointVerifier(): Promise<string>;
  /** All of the checkpoint signers, oldest first. While one takes over, both sign. */
  checkpointVerifiers(): Promise<readonly AnnouncedKey[]>;
  /** C2SP verifier key of the retention role, `contracts/expiry.ts`. */
  expiryVerifier(): Promise<string>;
}

/** For the compliance role: bundles. */
export interface BundleKeys {
  /**
   * A C2SP signed note of the checkpoint key over `<deployment>\n<kind>\n<site>\n<body>`; `kind` is no number, so it can
   * never be read as a checkpoint. `body` ends with a line feed.
   */
  signStatement(kind: 'bundle' | 'data-flow', site: string, body: string): Promise<string>;
  /** 32 bytes of a site and key epoch, which the site derives from its token key, too: seals what only the site may read. */
  noticeKey(site: string, epoch: number): Promise<Buffer>;
  /** Which key epochs there are: 1 to this. */
  newestEpoch(): Promise<number>;
}

/** For the respond role. */
export interface LetterKeys {
  /** Letters of a site to a box (32 bytes), of every key epoch from the first. Each call seals anew. */
  sealTokenKeys(site: string, boxKey: Buffer): Promise<readonly Letter[]>;
  /** Which key epochs there are: 1 to this. */
  newestEpoch(): Promise<number>;
}

/** For the offline retention role. */
export interface ExpiryKeys {
  /** A note as `contracts/expiry.ts` describes it; time and deployment are those of the keys role. */
  signExpiry(expiry: Omit<Expiry, 'deployment' | 'expiredAtMs'>): Promise<string>;
}
