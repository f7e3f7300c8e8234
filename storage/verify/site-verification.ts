import { verifiersAt } from '../../contracts/announced-key.ts';
import { appendLeaf } from '../../contracts/merkle.ts';
import type { Frontier } from '../../contracts/merkle.ts';
import { TILE_LEAVES } from '../../contracts/tile.ts';
import { blockProblems, deadLetterProblems } from './block-rows.ts';
import { committedSize } from './committed.ts';
import { missingCheckpoints } from './deployment-log.ts';
import { derivedRowProblems, rowsOutside } from './derived-rows.ts';
import { readExpired } from './expiries.ts';
import type { ExpiredLeaves } from './expiries.ts';
import { jsonRows } from './json-rows.ts';
import { leafWindows } from './leaf-windows.ts';
import type { LeafRange } from './leaf-windows.ts';
import { committedRoots, missingCommits, signedRoots } from './milestones.ts';
import type { Milestone } from './milestones.ts';
import { firstNode, nodeRows } from './node-rows.ts';
import { orphans } from './orphans.ts';
import { finding, problem } from './problem.ts';
import type { Problem } from './problem.ts';
import { rawBlockProblems } from './raw-blocks.ts';
import { readPlan } from './read-plan.ts';
import { readRedactions } from './redactions.ts';
import type { Redactions } from './redactions.ts';
import { chainProblems } from './shipper-chains.ts';
import { withSuspect } from './suspects.ts';
import { TreeWalk } from './tree-walk.ts';
import type { WalkLimits } from './tree-walk.ts';
import type { Deployment, VerificationEvent, VerificationOptions } from './verification.ts';

const LEAVES_PER_QUERY = 131_072;
const LANES = 2;
/** A multiple of 256. */
const SKIPPED_AT_A_TIME = 4_194_304;
/** Rows whose columns are derived again at a time. */
const DERIVED_AT_A_TIME = 16_384;

/** What a site's verification knows before it reads a row. */
interface Site {
  readonly site: string;
  readonly options: VerificationOptions;
  readonly deployment: Deployment;
  readonly stones: readonly Milestone[];
  readonly redactions: Redactions;
  readonly expired: ExpiredLeaves;
  readonly limits: WalkLimits;
  /** Leaves after the last commit there was when verification began. */
  readonly committedEnd: number;
  readonly checkpoints: number;
}

/** Derives the site's tree again from what is stored and compares it with every root on record, then the tables with one another. Of each kind of problem the first is told. */
export async function* siteVerification(site: string, options: VerificationOptions, deployment: Deployment): AsyncGenerator<VerificationEvent> {
  const told = new Set<string>();
  const first = (p: Problem): boolean => !told.has(`${p.kind} ${p.table}`) && told.add(`${p.kind} ${p.table}`) !== undefined;
  for await (const event of everything(site, options, deployment)) {
    if (event.type !== 'problem') yield event.type === 'site' ? { ...event, ok: told.size === 0 } : event;
    else if (first(event)) yield await withSuspect(options.client, event, options.derivations);
  }
}

async function* everything(name: string, options: VerificationOptions, deployment: Deployment): AsyncGenerator<VerificationEvent> {
  const { client, checkpointKeys } = options;
  const signed = await signedRoots(client, name, checkpointKeys);
  const committed = await committedRoots(client, name);
  await options.level?.();
  const published = deployment.published.get(name) ?? [];
  const redactions = await readRedactions(client, name, verifiersAt(checkpointKeys));
  const expired = await readExpired(client, name, deployment.expiries.good);
  const committedEnd = await committedSize(client, name, deployment.committed);
  const limits = await limitsOf(options, name, committed.at(-1)?.size ?? 0, signed.stones.at(-1)?.size ?? 0, expired);
  yield* signed.problems;
  for (const leaf of redactions.forged) yield problem('forged-redaction', name, `the redaction of leaf ${leaf} is not what a checkpoint key signed for ${name}`, { table: 'redactions', from: leaf });
  yield* missingCommits(name, signed.stones, committed);
  yield* missingCheckpoints(name, published);
  const stones = [...signed.stones, ...committed, ...published, ...(options.kept?.get(name) ?? [])];
  yield* verified({ site: name, options, deployment, stones, redactions, expired, limits, committedEnd, checkpoints: signed.rows });
}

/** Missing rows that are looked for one by one where only an unsigned commit says that they were there. */
const MOST_MISSING = 100_000_000;

/** Neither a row far behind all others nor a commit that names a size out of nowhere may make the walk as long as it says. */
async function limitsOf({ client }: VerificationOptions, site: string, committed: number, signed: number, expired: ExpiredLeaves): Promise<WalkLimits> {
  const [row] = await jsonRows<{ readonly end: number; readonly rows: number }>(client, 'SELECT max(leaf) + 1 AS end, count() AS rows FROM events WHERE site = {site:String} HAVING count() > 0', { site });
  const leaves = (row?.rows ?? 0) + expired.leaves;
  const most = Math.max(signed, leaves, Math.min(committed, leaves + MOST_MISSING));
  return { sure: Math.max(committed, signed), end: Math.min(most, Math.max(row?.end ?? 0, expired.end)) };
}

async function* verified(site: Site): AsyncGenerator<VerificationEvent> {
  const { options, limits, committedEnd } = site;
  const walk = new TreeWalk(site.site, site.stones, limits, options.append ?? appendOneByOne);
  const plan = await readPlan(site.site, options, site.stones, limits.end);
  const used = new Map<string, number>();
  // Beside the walk, which does not keep the store busy all of the time.
  const tables = Array.fromAsync(tableChecks(site, plan.window));
  tables.catch(() => {});
  yield* walked(site, walk, plan.ranges, plan.end, used);
  yield* walk.finish();
  yield* await tables;
  if (options.deep === true) yield* deeply(site, plan.window ?? { from: 0, to: Math.min(limits.end, committedEnd) });
  for (const [id, count] of used) {
    const word = site.deployment.expiries.good.get(id);
    if (word !== undefined) yield finding('expired', site.site, count, `${count} rows of tier ${word.tier}, received in ${word.month}, expired by policy "${word.policy}", signed by ${word.signedBy}`);
  }
  yield {
    type: 'site', site: site.site, ok: true, leaves: walk.size, attested: walk.attested, checkpoints: site.checkpoints, redacted: site.redactions.restored.size,
    expired: [...used.values()].reduce((n, count) => n + count, 0), fromNodes: plan.fromNodes, root: walk.root?.toString('base64') ?? '',
  };
}

/** The tables beside one another. */
async function* tableChecks({ site, options, deployment: { committed }, limits, committedEnd }: Site, window: LeafRange | undefined): AsyncGenerator<VerificationEvent> {
  const { client } = options;
  yield* blockProblems(client, site, committedEnd, window, committed);
  yield* deadLetterProblems(client, site, committed);
  yield* chainProblems(client, site, committed);
  yield* rawBlockProblems(client, site, options.rawBlocks, committed);
  yield* await orphans(client, site, Math.max(limits.sure, limits.end), committed);
}

/** Reads the ranges, takes what lies between from stored nodes, and tells how far it is. */
async function* walked({ site, options, redactions, expired, limits }: Site, walk: TreeWalk, ranges: readonly LeafRange[], end: number, used: Map<string, number>): AsyncGenerator<VerificationEvent> {
  const { client } = options;
  const append = options.append ?? appendOneByOne;
  const withNodes = await firstNode(client, site);
  for await (const window of leafWindows(client, site, ranges, options.leavesPerQuery ?? LEAVES_PER_QUERY, options.lanes ?? LANES)) {
    while (walk.size < window.from) {
      const to = Math.min(window.from, walk.size + SKIPPED_AT_A_TIME);
      yield* walk.skip(walk.size, to, await nodeRows(client, site, { from: walk.size, to }, append));
    }
    const nodes = await nodeRows(client, site, window, append);
    redactions.restore(window.hashes, window.from);
    yield* await expired.fill(window, used);
    yield* walk.take(window, nodes);
    const lacking = firstLacking(window, nodes, withNodes, limits.sure);
    if (lacking !== undefined) yield problem('missing-node', site, `no node is stored over leaf ${lacking * TILE_LEAVES} to ${(lacking + 1) * TILE_LEAVES - 1}`, { table: 'nodes', from: lacking * TILE_LEAVES, to: (lacking + 1) * TILE_LEAVES - 1 });
    yield { type: 'progress', site, leaves: walk.size, ofLeaves: end };
  }
}

/** Since there are nodes, each full tile of committed leaves has one. */
function firstLacking({ from, to }: LeafRange, nodes: ReadonlyMap<number, Buffer>, since: number | undefined, sure: number): number | undefined {
  if (since === undefined) return undefined;
  for (let tile = Math.max(since, Math.floor(from / TILE_LEAVES)); (tile + 1) * TILE_LEAVES <= Math.min(to, sure); tile++) if (!nodes.has(tile)) return tile;
  return undefined;
}

async function* deeply({ site, options, deployment }: Site, { from, to }: LeafRange): AsyncGenerator<VerificationEvent> {
  const { client, derivations } = options;
  if (derivations === undefined) return;
  const words = [...deployment.expiries.good.values()];
  const isExpiring = (tier: string, month: number): boolean => words.some((word) => word.tier === tier && word.month === month);
  const seen = { acts: 0, accesses: 0 };
  for (let at = from; at < to; at += DERIVED_AT_A_TIME) {
    yield* await derivedRowProblems(site, { from: at, to: Math.min(to, at + DERIVED_AT_A_TIME) }, { client, derivations, readModelSinceMs: deployment.readModelSinceMs, isExpiring }, seen);
    yield { type: 'progress', site, leaves: Math.min(to, at + DERIVED_AT_A_TIME) - from, ofLeaves: to - from };
  }
  yield* await rowsOutside(client, site, { from, to }, seen);
}

function appendOneByOne(frontier: Frontier, leaves: Buffer): Frontier {
  let grown = frontier;
  for (let at = 0; at < leaves.length; at += 32) grown = appendLeaf(grown, leaves.subarray(at, at + 32));
  return grown;
}
