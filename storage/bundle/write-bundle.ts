import { canonicalJson } from '../../contracts/canonical-json.ts';
import { formatAnnouncedKeys } from '../../contracts/announced-key.ts';
import { leafHash } from '../../contracts/leaf.ts';
import { StorageError } from '../errors.ts';
import type { Batch, BundleCheckpoint, BundleInput, BundleSink, DeploymentEntry, ProvenEvidence, StoredEvidence } from './bundle-input.ts';
import { evidenceLeaves } from './bundle-input.ts';
import { manifestBody, manifestJson } from './manifest.ts';
import { measured } from './measured-file.ts';
import type { FileMeasure } from './measured-file.ts';
import { ProofNodes } from './proof-nodes.ts';
import type { ProofNode } from './proof-nodes.ts';
import { readMe } from './read-me.ts';
import { sealRecipients } from './recipients.ts';
import { reportHtml } from './report/report.ts';
import { LISTS, listRows, scopeJson, textLines } from './scope-json.ts';
import { verifierFiles } from './verifier-files.ts';

export interface WrittenBundle {
  readonly files: number;
  readonly bytes: number;
  /** Evidence lines. */
  readonly evidence: number;
}

type Chunks = Iterable<string> | AsyncIterable<string>;

/** Writes a bundle, its signed manifest last: what lacks that is no bundle. Nothing is written of evidence that does not lead to the checkpoint. */
export async function writeBundle(input: BundleInput, sink: BundleSink): Promise<WrittenBundle> {
  const { report } = input;
  const site = report.request.site;
  const leaves = evidenceLeaves(report);
  const files = new Map<string, FileMeasure>();
  const write = async (name: string, chunks: Chunks): Promise<void> => {
    const file = measured(chunks);
    await sink.write(name, file.chunks);
    files.set(name, file.measure());
  };
  for (const [name, chunks] of contentsOf(input, leaves)) await write(name, chunks);
  const manifest = manifestJson(input.deployment, site, files);
  const bytes = [...files.values()].reduce((sum, file) => sum + file.bytes, 0);
  await sink.write('manifest.json', measured([manifest]).chunks);
  await sink.write('manifest.note', measured([await input.sign(await manifestBody(manifest))]).chunks);
  return { files: files.size + 2, bytes, evidence: leaves.length };
}

function* contentsOf(input: BundleInput, leaves: readonly number[]): Generator<readonly [name: string, Chunks]> {
  const { report, statement } = input;
  const evidence = begun(input.evidence);
  yield ['README.txt', [readMe(input)]];
  yield ['report.html', reportHtml(input)];
  const lists = listRows(report);
  yield ['scope.json', scopeJson(report, lists)];
  yield [LISTS.deeds, textLines(lists.deeds)];
  yield [LISTS.subjects, textLines(lists.subjects)];
  yield [LISTS.links, textLines(lists.links)];
  yield ['gaps.json', [`${canonicalJson(report.gaps)}\n`]];
  yield ['coverage.ndjson', rows(input.batches, batchLine)];
  const expiries = new Set<string>();
  const nodes = new ProofNodes(input.computed);
  yield ['evidence.ndjson', evidenceLines(evidence, leaves, nodes, expiries)];
  yield ['expiries.ndjson', expiryLines(input, expiries)];
  yield ['proofs.ndjson', nodeLines(nodes)];
  yield ['checkpoints.ndjson', textLines(checkpointRows(input).map(canonicalJson))];
  yield ['keys.json', [`${JSON.stringify({ deployment: input.deployment, checkpoint: formatAnnouncedKeys(input.keys.checkpoint), expiry: input.keys.expiry }, undefined, 1)}\n`]];
  yield ['recipients.sealed', [sealRecipients(report.request.site, input.notice, report.subjects)]];
  if (statement !== undefined) {
    yield ['statement.json', [statement.json]];
    yield ['statement.note', [statement.text]];
  }
  for (const { version, ...content } of input.ruleSets.toSorted((a, b) => (a.version < b.version ? -1 : 1))) yield [`rules/${version}.json`, [canonicalJson(content)]];
  for (const { name, text } of verifierFiles()) yield [name, [text]];
}

/** The same list, of which the first part is asked for now: the store reads while other files are written. */
function begun<Part>(list: AsyncIterable<Part>): AsyncIterable<Part> {
  const parts = list[Symbol.asyncIterator]();
  const first = parts.next();
  // Told where it is taken.
  first.catch(() => undefined);
  return (async function* () {
    for (let part = await first; part.done !== true; part = await parts.next()) yield part.value;
  })();
}

async function* rows<Row>(lists: AsyncIterable<readonly Row[]>, lineOf: (row: Row) => string): AsyncGenerator<string> {
  for await (const list of lists) if (list.length > 0) yield `${list.map(lineOf).join('\n')}\n`;
}

/** `nodes`: those of the proofs, `expiries`: ids of those that took lines; both grow. */
async function* evidenceLines(evidence: AsyncIterable<readonly ProvenEvidence[]>, leaves: readonly number[], nodes: ProofNodes, expiries: Set<string>): AsyncGenerator<string> {
  let next = 0;
  yield* rows(evidence, ({ evidence: row, proof }) => {
    if (row.leaf !== leaves[next++] || proof.leaf !== row.leaf) throw new StorageError('bundleUnproven', `leaf ${row.leaf}`);
    nodes.add(proof);
    if (!('expired' in row)) return JSON.stringify(storedRow(row, proof.leafHash));
    expiries.add(row.expired);
    return JSON.stringify({ expired: row.expired, hash: proof.leafHash.toString('base64'), leaf: row.leaf });
  });
  if (next < leaves.length) throw new StorageError('bundleUnproven', `leaf ${leaves[next]} has no line`);
}

/** Asked once the evidence was taken. */
function* nodeLines(nodes: ProofNodes): Generator<string> {
  yield* textLines(nodes.all().map((node) => JSON.stringify(nodeRow(node))));
}

async function* expiryLines(input: BundleInput, ids: ReadonlySet<string>): AsyncGenerator<string> {
  yield* textLines((await input.expiries([...ids].toSorted())).map(canonicalJson));
}

function storedRow({ leaf, envelope, line, redaction }: StoredEvidence, hash: Buffer): object {
  // The verifier would find it, too; but a bundle that does not hold must never leave the house.
  if (redaction === undefined && !leafHash(envelope, Buffer.from(line)).equals(hash)) throw new StorageError('bundleUnproven', `leaf ${leaf}`);
  const { site, stream, epoch, seq, receivedAtMs, provenance, derivation } = envelope;
  return { derivation, epoch, hash: hash.toString('base64'), leaf, line, provenance, receivedAtMs, redaction, seq, site, stream };
}

/** Of the rows that come in tens of thousands the keys are written sorted, not sorted. */
function nodeRow({ level, index, hash }: ProofNode): object {
  return { hash: hash.toString('base64'), index, level };
}

function batchLine({ stream, epoch, first_seq, lines, stored, dead, receivedAtMs, provenance, first_leaf, previous_head, head }: Batch): string {
  return JSON.stringify({ dead, epoch, first_leaf, first_seq, head, lines, previous_head, provenance, receivedAtMs, stored, stream });
}

function checkpointRows({ computed, newest, consistency, deploymentEntry }: BundleInput): readonly object[] {
  const row = ({ size, root, note }: BundleCheckpoint): object => ({ size, root: root.toString('base64'), note });
  return [
    { kind: 'computed', ...row(computed) },
    { kind: 'newest', ...row(newest), consistency: consistency.map((hash) => hash.toString('base64')) },
    ...(deploymentEntry === undefined ? [] : [deploymentRow(deploymentEntry, row(deploymentEntry.checkpoint))]),
  ];
}

function deploymentRow({ evidence, proof, checkpoint }: DeploymentEntry, row: object): object {
  return { kind: 'deployment', ...row, entry: storedRow(evidence, proof.leafHash), nodes: new ProofNodes(checkpoint).add(proof).all().map(nodeRow) };
}
