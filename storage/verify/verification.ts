import type { ClickHouseClient } from '@clickhouse/client';
import { openNote, parseCheckpoint, parseVerifier } from '../../contracts/checkpoint.ts';
import type { NoteVerifier } from '../../contracts/checkpoint.ts';
import { appendLeaf, EMPTY_FRONTIER, rootOf } from '../../contracts/merkle.ts';
import type { Frontier } from '../../contracts/merkle.ts';
import { StorageError } from '../errors.ts';
import { readRedactions } from './redactions.ts';
import type { Redactions } from './redactions.ts';
import { storedLeaves } from './stored-leaves.ts';
import { compareStones, milestones } from './milestones.ts';
import type { Milestone } from './milestones.ts';

export interface VerificationOptions {
  /** A client of the store whose user may read. */
  readonly client: ClickHouseClient;
  /** C2SP verifier key of the checkpoint signer: `name+hash+base64`. */
  readonly checkpointVerifier: string;
  /** Appends leaf hashes of 32 bytes each; the native twin is injected for speed. */
  readonly append?: (frontier: Frontier, leaves: Buffer) => Frontier;
  /** Leaves read by one query. */
  readonly leavesPerQuery?: number;
  /**
   * Called between reading a site's roots and its rows. On a cluster it must bring the client's replica level: a root
   * may have come to it before the rows it vouches for, which would then be missed.
   */
  readonly level?: () => Promise<void>;
}

/**
 * What is wrong with a site's stored trail. A hash tree tells that one of a range of rows was changed: `fromLeaf` is
 * the first that may be it, `toLeaf` the last. A missing or doubled row is named exactly.
 */
export interface Problem {
  readonly type: 'problem';
  readonly kind: 'missing-row' | 'double-row' | 'changed-row' | 'forged-checkpoint' | 'checkpoint-mismatch' | 'forged-redaction';
  readonly site: string;
  readonly fromLeaf: number;
  readonly toLeaf: number;
  readonly message: string;
}

export interface Progress {
  readonly type: 'progress';
  readonly site: string;
  readonly leaves: number;
  readonly ofLeaves: number;
}

export interface SiteResult {
  readonly type: 'site';
  readonly site: string;
  readonly ok: boolean;
  readonly leaves: number;
  /** Leaves below the newest checkpoint that holds. */
  readonly attested: number;
  readonly checkpoints: number;
  /** Lines changed after they were stored, with a signed word that keeps their leaf. */
  readonly redacted: number;
  /** Base64; of the rows that were read. */
  readonly root: string;
}

export type VerificationEvent = Problem | Progress | SiteResult;

const LEAVES_PER_QUERY = 500_000;

/** Every site that has rows or checkpoints, in the order of their names. */
export async function* verifyAll(options: VerificationOptions): AsyncGenerator<VerificationEvent> {
  const query = 'SELECT DISTINCT site FROM (SELECT site FROM events UNION ALL SELECT site FROM checkpoints) ORDER BY site';
  const result = await options.client.query({ query, format: 'JSONEachRow' });
  for (const { site } of await result.json<{ readonly site: string }>()) yield* verifySite(site, options);
}

/** Derives the site's tree again from what is stored and compares it with every checkpoint, in one pass. */
export async function* verifySite(site: string, options: VerificationOptions): AsyncGenerator<VerificationEvent> {
  const verifier = parseVerifier(options.checkpointVerifier);
  if (verifier === undefined) throw new StorageError('badVerifier');
  const stones = await milestones(options.client, site);
  await options.level?.();
  const { problems: badNotes, attestable } = checkNotes(site, stones, verifier);
  const redactions = await readRedactions(options.client, site, verifier);
  const badRedactions = redactions.forged.map((leaf): Problem => ({ type: 'problem', kind: 'forged-redaction', site, fromLeaf: leaf, toLeaf: leaf, message: `the redaction of leaf ${leaf} is not what the checkpoint key signed for ${site}` }));
  const problems = [...badNotes, ...badRedactions];
  yield* problems;
  const walk = new Walk(site, attestable, options.append ?? appendOneByOne, redactions);
  const ofLeaves = Math.max(await leafCount(options.client, site), attestable.findLast((s) => s.kind === 'checkpoint')?.size ?? 0);
  let found: Problem | undefined;
  for (let from = 0; from < ofLeaves && found === undefined; from += options.leavesPerQuery ?? LEAVES_PER_QUERY) {
    const to = Math.min(ofLeaves, from + (options.leavesPerQuery ?? LEAVES_PER_QUERY));
    found = await walk.range(options.client, from, to);
    yield { type: 'progress', site, leaves: walk.size, ofLeaves };
  }
  found ??= walk.finish();
  if (found !== undefined) yield found;
  yield {
    type: 'site', site, ok: found === undefined && problems.length === 0, leaves: walk.size, attested: walk.attested,
    checkpoints: stones.filter((s) => s.kind === 'checkpoint').length, redacted: redactions.restored.size, root: walk.root.toString('base64'),
  };
}

async function leafCount(client: ClickHouseClient, site: string): Promise<number> {
  const result = await client.query({ query: 'SELECT max(leaf) + 1 AS n, count() AS stored FROM events WHERE site = {site:String}', query_params: { site }, format: 'JSONEachRow' });
  const [row] = await result.json<{ readonly n: string | number; readonly stored: string | number }>();
  return row === undefined || Number(row.stored) === 0 ? 0 : Number(row.n);
}

/** A checkpoint counts only when its note is signed and says the size and root of its row. */
function checkNotes(site: string, stones: readonly Milestone[], verifier: NoteVerifier): { readonly problems: readonly Problem[]; readonly attestable: readonly Milestone[] } {
  const problems: Problem[] = [];
  const attestable = stones.filter((stone) => {
    if (stone.kind === 'commit') return true;
    const opened = openNote(stone.note, [verifier]);
    const checkpoint = opened === undefined ? undefined : parseCheckpoint(opened.text);
    const holds = checkpoint !== undefined && checkpoint.size === stone.size && checkpoint.root.equals(stone.root) && namesSite(checkpoint.origin, site);
    if (!holds) problems.push({ type: 'problem', kind: 'forged-checkpoint', site, fromLeaf: 0, toLeaf: Math.max(0, stone.size - 1), message: `the checkpoint of size ${stone.size} is not what the checkpoint key signed for ${site}` });
    return holds;
  });
  return { problems, attestable };
}

/** An origin is a schema-less URL; its last part is the site. */
function namesSite(origin: string, site: string): boolean {
  return origin === site || origin.endsWith(`/${site}`);
}

function appendOneByOne(frontier: Frontier, leaves: Buffer): Frontier {
  let grown = frontier;
  for (let at = 0; at < leaves.length; at += 32) grown = appendLeaf(grown, leaves.subarray(at, at + 32));
  return grown;
}

/** The pass over one site's rows. */
class Walk {
  readonly #site: string;
  readonly #stones: readonly Milestone[];
  readonly #append: (frontier: Frontier, leaves: Buffer) => Frontier;
  readonly #redactions: Redactions;
  #frontier = EMPTY_FRONTIER;
  #nextStone = 0;
  #lastGood = 0;
  attested = 0;

  constructor(site: string, stones: readonly Milestone[], append: (frontier: Frontier, leaves: Buffer) => Frontier, redactions: Redactions) {
    this.#site = site;
    this.#redactions = redactions;
    this.#stones = stones.toSorted(compareStones);
    this.#append = append;
  }

  get size(): number {
    return this.#frontier.size;
  }

  get root(): Buffer {
    return rootOf(this.#frontier);
  }

  async range(client: ClickHouseClient, from: number, to: number): Promise<Problem | undefined> {
    for await (const run of storedLeaves(client, this.#site, from, to)) {
      this.#redactions.restore(run.hashes, this.size);
      const problem = this.#take(run.hashes) ?? this.#irregular(run.irregular);
      if (problem !== undefined) return problem;
    }
    return this.size < to ? this.#problem('missing-row', this.size, this.size, `the row of leaf ${this.size} is missing`) : undefined;
  }

  #irregular(leaf: number | undefined): Problem | undefined {
    if (leaf === undefined) return undefined;
    if (leaf < this.size) return this.#problem('double-row', leaf, leaf, `leaf ${leaf} is stored more than once`);
    return this.#problem('missing-row', this.size, leaf - 1, `the row of leaf ${this.size} is missing`);
  }

  /** Appends, stopping at each milestone to compare. */
  #take(hashes: Buffer): Problem | undefined {
    let at = 0;
    while (at < hashes.length) {
      const stone = this.#stones[this.#nextStone];
      const until = stone === undefined ? hashes.length : Math.min(hashes.length, at + (stone.size - this.size) * 32);
      if (until > at) this.#frontier = this.#append(this.#frontier, hashes.subarray(at, until));
      at = until;
      const problem = this.#compare();
      if (problem !== undefined) return problem;
    }
    return undefined;
  }

  #compare(): Problem | undefined {
    for (let stone = this.#stones[this.#nextStone]; stone !== undefined && stone.size <= this.size; stone = this.#stones[this.#nextStone]) {
      const holds = stone.size < this.size || stone.size === 0 || this.root.equals(stone.root);
      if (!holds) return this.#mismatch(stone);
      this.#nextStone++;
      this.#lastGood = stone.size;
      if (stone.kind === 'checkpoint') this.attested = stone.size;
    }
    return undefined;
  }

  #mismatch(stone: Milestone): Problem {
    const [from, to] = [Math.min(this.#lastGood, stone.size - 1), stone.size - 1];
    const what = stone.kind === 'checkpoint' ? 'the signed checkpoint' : 'the commit';
    return this.#lastGood === stone.size
      ? this.#problem('checkpoint-mismatch', from, to, `two roots of size ${stone.size} are on record for ${this.#site}`)
      : this.#problem('changed-row', from, to, `a row of leaf ${from} to ${to} is not what ${what} of size ${stone.size} vouches for`);
  }

  /** Checkpoints larger than what is stored. */
  finish(): Problem | undefined {
    return this.#compare();
  }

  #problem(kind: Problem['kind'], fromLeaf: number, toLeaf: number, message: string): Problem {
    return { type: 'problem', kind, site: this.#site, fromLeaf, toLeaf, message };
  }
}
