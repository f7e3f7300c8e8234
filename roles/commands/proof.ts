import { verifiersAt } from '../../contracts/announced-key.ts';
import { openNote, parseCheckpoint } from '../../contracts/checkpoint.ts';
import type { AnnouncedKey } from '../../contracts/keys.ts';
import { leafHash } from '../../contracts/leaf.ts';
import { DEPLOYMENT_SITE, isName, SYSTEM_SITE } from '../../contracts/names.ts';
import { verifyConsistency } from '../../contracts/proof.ts';
import { loadNative } from '../../detect/native/binding.ts';
import { createKeysClient } from '../../keys/client.ts';
import { createGroupStore } from '../../storage/client/group-store.ts';
import { storeOptions } from '../../storage/config.ts';
import { createLedgerReader } from '../../storage/ledger/ledger-reader.ts';
import type { LedgerReader } from '../../storage/ledger/ledger-reader.ts';
import type { SiteCheckpoint } from '../../storage/ledger/signed-checkpoints.ts';
import { formatTlogProof, verifyTlogProof } from '../../storage/ledger/tlog-proof.ts';
import { storedLine } from '../../storage/redact/stored-line.ts';
import type { StoredLine } from '../../storage/redact/stored-line.ts';
import { loadConfig } from '../config/config.ts';
import { readingClient, requireRunning, storageAccess } from '../connections.ts';
import { homeAt } from '../home.ts';
import { addressOf } from '../run-file.ts';
import { UsageError } from '../usage-error.ts';

export interface ProofOptions {
  /** With two sizes: that the tree of the first is the beginning of that of the second. */
  readonly consistency?: readonly string[];
  readonly site?: string;
  /** In the first checkpoint of at least this size. */
  readonly size?: string;
  readonly json?: true;
}

interface Ledger {
  readonly reader: LedgerReader;
  readonly keys: readonly AnnouncedKey[];
  readonly rowOf: (site: string, leaf: number) => Promise<StoredLine | undefined>;
}

/** Prints a proof, after checking it as anyone can who holds the checkpoint key. */
export async function proof(event: string | undefined, options: ProofOptions): Promise<number> {
  const asked = options.consistency === undefined ? placeOf(event ?? '') : sizesOf(options, event);
  const home = homeAt();
  const config = loadConfig();
  requireRunning(config, home, 'storage');
  requireRunning(config, home, 'keys');
  const client = readingClient(await storageAccess(config, home, 'reader'));
  // On a cluster rows may be on another replica than roots: only the writer may have them brought together.
  const writer = config.storage.cluster === '' ? undefined : createGroupStore({ ...(await storageAccess(config, home, 'writer')), ...storeOptions(config.storage) });
  try {
    const keys = await createKeysClient({ url: await addressOf(home, 'keys', config.addresses.keys) }).checkpointVerifiers();
    const native = await loadNative();
    const reader = createLedgerReader({ client, keys: async () => keys, append: (frontier, leaves) => native.append(frontier, leaves), ...(writer === undefined ? {} : { bringLevel: () => writer.level() }) });
    const ledger: Ledger = { reader, keys, rowOf: (site, leaf) => storedLine(client, site, leaf) };
    const answer = 'leaf' in asked ? await inclusion(ledger, asked, options) : await consistency(ledger, asked);
    process.stdout.write(options.json === true ? `${JSON.stringify(answer.json)}\n` : answer.text);
    return answer.holds ? 0 : 1;
  } finally {
    await client.close();
    await writer?.close();
  }
}

interface Answer {
  readonly holds: boolean;
  readonly json: object;
  readonly text: string;
}

interface Place {
  readonly site: string;
  readonly leaf: number;
}

interface Sizes {
  readonly site: string;
  readonly from: number;
  readonly to: number;
}

function isSite(name: string): boolean {
  return isName(name) || name === SYSTEM_SITE || name === DEPLOYMENT_SITE;
}

function count(text: string, what: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new UsageError(`${what} is a number of leaves`);
  return Number(text);
}

function placeOf(event: string): Place {
  const at = event.lastIndexOf('/');
  const [site, leaf] = [event.slice(0, Math.max(0, at)), event.slice(at + 1)];
  if (!isSite(site) || !/^\d{1,15}$/.test(leaf)) throw new UsageError('an event is named SITE/LEAF, the columns site and leaf of its row: shop/1024');
  return { site, leaf: Number(leaf) };
}

function sizesOf({ consistency: sizes = [], site = '' }: ProofOptions, event: string | undefined): Sizes {
  const [from, to, ...rest] = sizes;
  if (from === undefined || to === undefined || rest.length > 0 || event !== undefined) throw new UsageError('--consistency takes two sizes and no event: proof --site shop --consistency 1000 2000');
  if (!isSite(site)) throw new UsageError('--site names the site of the trees');
  const asked = { site, from: count(from, 'a size'), to: count(to, 'a size') };
  if (asked.from < 1 || asked.from > asked.to) throw new UsageError('the first size is at least 1 and not greater than the second');
  return asked;
}

/** The newest checkpoint, or the smallest of at least a size; it must reach beyond `leaf`. */
async function checkpointFor(reader: LedgerReader, site: string, atLeast: number | undefined, leaf: number): Promise<SiteCheckpoint> {
  const checkpoint = await reader.checkpoint(site, atLeast);
  if (checkpoint !== undefined && checkpoint.size > leaf) return checkpoint;
  const newest = await reader.checkpoint(site);
  throw new Error(newest === undefined ? `no checkpoint of a site ${site} is signed: "tourniquet site list" names those that are known; of a new one the first comes within seconds`
    : `the newest signed checkpoint of ${site} is of ${newest.size} leaves: the next may come within seconds`);
}

async function inclusion({ reader, keys, rowOf }: Ledger, { site, leaf }: Place, { size }: ProofOptions): Promise<Answer> {
  const checkpoint = await checkpointFor(reader, site, size === undefined ? undefined : count(size, '--size'), leaf);
  const found = await reader.inclusionProof(site, leaf, checkpoint.size);
  const row = await rowOf(site, leaf);
  const text = formatTlogProof(found, checkpoint.note);
  const origin = originOf(checkpoint, keys);
  const holds = verifyTlogProof(text, found.leafHash, origin, verifiersAt(keys, checkpoint.signedAtMs));
  const state = row === undefined ? 'expired' : leafHash(row.envelope, Buffer.from(row.line)).equals(found.leafHash) ? 'stored' : 'redacted';
  return {
    holds,
    json: {
      site, leaf, size: checkpoint.size, root: checkpoint.root.toString('base64'), holds, leaf_hash: found.leafHash.toString('base64'), state,
      ...(row === undefined ? {} : { envelope: envelopeJson(row), line: row.line }), proof: found.path.map((hash) => hash.toString('base64')), checkpoint: checkpoint.note,
    },
    text: `${eventText(site, leaf, state, row)}Leaf hash   ${found.leafHash.toString('base64')}\nTree        ${origin}, ${checkpoint.size} leaves\n${holds ? 'Holds: the leaf is in the signed tree.' : 'DOES NOT HOLD.'}\n\n${text}`,
  };
}

function envelopeJson({ envelope: { site, stream, epoch, seq, receivedAtMs, provenance, derivation } }: StoredLine): object {
  return { site, stream, epoch, seq, received_at: new Date(receivedAtMs).toISOString(), provenance, derivation };
}

function eventText(site: string, leaf: number, state: 'stored' | 'redacted' | 'expired', row: StoredLine | undefined): string {
  const head = `Event       ${site}/${leaf}\n`;
  if (row === undefined) return `${head}State       expired: the row is gone, the hash it left stands in the tree\n`;
  const { stream, epoch, seq, receivedAtMs, provenance, derivation } = row.envelope;
  return `${head}State       ${state === 'redacted' ? 'redacted: the leaf is that of the line as it was first stored' : 'stored'}
Envelope    stream ${stream}, epoch ${epoch}, sequence ${seq}, received ${new Date(receivedAtMs).toISOString()}, provenance ${provenance}, derivation ${derivation}
Line        ${row.line}
`;
}

function originOf({ note, signedAtMs }: SiteCheckpoint, keys: readonly AnnouncedKey[]): string {
  return parseCheckpoint(openNote(note, verifiersAt(keys, signedAtMs))?.text ?? '')?.origin ?? '';
}

async function consistency({ reader }: Ledger, { site, from, to }: Sizes): Promise<Answer> {
  const checkpoint = await checkpointFor(reader, site, to, 0);
  const [before, after] = [await reader.rootAt(site, from), await reader.rootAt(site, to)];
  const path = await reader.consistencyProof(site, from, to);
  const holds = verifyConsistency(from, before, to, after, path);
  const hashes = path.map((hash) => hash.toString('base64'));
  return {
    holds,
    json: { site, from, to, from_root: before.toString('base64'), root: after.toString('base64'), holds, proof: hashes, checkpoint: checkpoint.note },
    text: `Site        ${site}
From        ${from} leaves, root ${before.toString('base64')}
To          ${to} leaves, root ${after.toString('base64')}
${holds ? 'Holds: the earlier tree is the beginning of the later one.' : 'DOES NOT HOLD.'}

${hashes.map((hash) => `${hash}\n`).join('')}
${checkpoint.note}`,
  };
}
