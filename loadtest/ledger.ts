import { generateKeyPairSync } from 'node:crypto';
import { checkpointText, signNote } from '../contracts/checkpoint.ts';
import { envelopePrefix } from '../contracts/leaf.ts';
import { formatFrontier } from '../contracts/merkle.ts';
import { EMPTY_TREE, growTiles } from '../contracts/tile.ts';
import type { GrowingTree } from '../contracts/tile.ts';
import { loadNative } from '../detect/native/binding.ts';
import type { LeafRequest, Native } from '../detect/native/binding.ts';
import { jsonRows, nodeRows } from '../storage/commit/chain-rows.ts';
import { referenceBodies, REFERENCE_LOAD } from './reference-events.ts';
import { median } from './report.ts';
import type { Measure } from './report.ts';

const LINES = 200;
/** About as many events as a group of the committer holds. */
const BLOCKS = 320;
const ROUNDS = 9;

/** Microseconds of CPU an event that a pipeline without a ledger would not spend; what the store does with the rows of nodes, one in 256 events, apart. */
export async function measureLedger(seed: number): Promise<readonly Measure[]> {
  const native = await loadNative();
  const requests = leafRequests(seed);
  const leaves = requests.map((request) => native.leafHashes(request));
  const hashing = (): void => {
    for (const request of requests) native.leafHashes(request);
  };
  const growing = treeWork(native, leaves);
  const costs = Array.from({ length: ROUNDS }, () => ({ hash: microseconds(hashing), tree: microseconds(growing) }));
  const [hash, tree] = [median(costs.map((c) => c.hash)), median(costs.map((c) => c.tree))];
  return [
    { name: 'ledger in the pipeline', value: median(costs.map((c) => c.hash + c.tree)), unit: 'us an event', goal: { most: 1 }, note: `leaf hash ${hash.toFixed(2)}, tree, nodes, root and checkpoint ${tree.toFixed(2)}` },
  ];
}

function leafRequests(seed: number): readonly LeafRequest[] {
  const prefix = Buffer.from(envelopePrefix({ site: 'bench', stream: 'load', epoch: 1, receivedAtMs: Date.UTC(2026, 10, 21), provenance: 'plugin', derivation: 1 }));
  return referenceBodies({ ...REFERENCE_LOAD, seed }, Date.UTC(2026, 10, 20), BLOCKS, LINES).map((body, block) => {
    const lines = body.toString('latin1').split('\n').slice(0, -1);
    let end = 0;
    const ends = Uint32Array.from(lines, (line) => (end += line.length));
    return { envelopePrefix: prefix, firstSeq: block * LINES, lines: Buffer.from(lines.join(''), 'latin1'), ends, offsets: Uint32Array.from(lines.keys()) };
  });
}

/** What the committer does with a group's leaves, and the publisher with its root. */
function treeWork(native: Native, leaves: readonly Buffer[]): () => void {
  const { privateKey } = generateKeyPairSync('ed25519');
  let tree: GrowingTree = EMPTY_TREE;
  return () => {
    const rows = leaves.flatMap((hashes, position) => {
      const { roots, ...grown } = growTiles(tree, hashes, (edge, more) => native.append(edge, more));
      tree = grown;
      return nodeRows({ site: 'bench', stream: 'load', receivedAtMs: Date.UTC(2026, 10, 21), partition: 0, position, leaf: 0 }, roots);
    });
    const made = jsonRows('nodes', rows).data.length + formatFrontier(tree.frontier).length + tree.runs.length;
    const note = signNote(checkpointText({ origin: 'bench.example/bench', size: tree.frontier.size, root: native.rootOf(tree.frontier), extensions: [] }), 'bench.example', privateKey);
    if (made === 0 || note === '') throw new Error('the ledger made nothing');
  };
}

function microseconds(run: () => void): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / (BLOCKS * LINES);
}
