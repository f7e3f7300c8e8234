import { ClickHouseLogLevel, createClient } from '@clickhouse/client';
import type { ClickHouseClient } from '@clickhouse/client';
import { leafHash } from '../../contracts/leaf.ts';
import { isSite } from '../../contracts/names.ts';
import { openRedaction } from '../../contracts/redaction.ts';
import { verifiersAt } from '../../contracts/announced-key.ts';
import type { NoteVerifier } from '../../contracts/checkpoint.ts';
import { deriveActOf } from '../../detect/acts/v1/act.ts';
import { deriveColumns } from '../../detect/derivation/v1/event-columns.ts';
import { redactedLine } from '../../detect/mask/redacted-line.ts';
import { redactRow } from '../../storage/redact/redact-row.ts';
import { storedLine } from '../../storage/redact/stored-line.ts';
import type { StoredLine } from '../../storage/redact/stored-line.ts';
import { readRedactions } from '../../storage/verify/redactions.ts';
import { loadConfig } from '../config/config.ts';
import type { Config } from '../config/config.ts';
import { readSecret } from '../config/read.ts';
import { connectKeys, requireRunning } from '../connections.ts';
import { openEventLog } from '../event-log.ts';
import { homeAt } from '../home.ts';
import type { Home } from '../home.ts';
import { addressOf } from '../run-file.ts';
import { secretOf } from '../secrets.ts';
import { writeOnTrail } from '../trail.ts';
import { UsageError } from '../usage-error.ts';

export interface RedactOptions {
  readonly reason: string;
  /** Fields whose values go. */
  readonly field?: readonly string[];
  /** A text on standard input goes wherever it stands. */
  readonly text?: true;
  /** ClickHouse's administrator, on a server. */
  readonly user: string;
  readonly json?: true;
}

/** Columns that a redaction may change, all texts: time, status and sizes stay. */
const COLUMNS = ['kind', 'category', 'action', 'outcome', 'user_name', 'source_ip', 'domain', 'method', 'path', 'user_agent'] as const;

function placeOf(event: string): { readonly site: string; readonly leaf: number } {
  const at = event.lastIndexOf('/');
  const [site, leaf] = [event.slice(0, at), event.slice(at + 1)];
  if (!isSite(site) || !/^\d{1,15}$/.test(leaf)) throw new UsageError('an event is named SITE/LEAF, the columns site and leaf of its row: shop/1024');
  return { site, leaf: Number(leaf) };
}

interface Store {
  readonly client: ClickHouseClient;
  readonly on: 'storage-role' | 'server';
}

async function openStore(config: Config, home: Home, user: string): Promise<Store> {
  const url = await addressOf(home, 'storage', config.addresses.storage);
  const isServer = config.addresses.storage !== '' && readSecret(config.secrets.storage_admin) !== undefined;
  const access = isServer ? { username: user, password: readSecret(config.secrets.storage_admin) ?? '' } : { username: 'redactor', password: secretOf(config, home, 'storage-redactor') };
  return { client: createClient({ url, ...access, database: 'tourniquet', request_timeout: 300_000, log: { level: ClickHouseLogLevel.OFF } }), on: isServer ? 'server' : 'storage-role' };
}

/** The hash that stands in the tree: of a line that was redacted before, the one its first redaction kept. */
async function treeHash(client: ClickHouseClient, verifiers: readonly NoteVerifier[], { envelope, leaf, line }: StoredLine): Promise<Buffer> {
  const hash = leafHash(envelope, Buffer.from(line));
  (await readRedactions(client, envelope.site, verifiers)).restore(hash, leaf);
  return hash;
}

async function standardInput(): Promise<string> {
  const text = (await Array.fromAsync(process.stdin)).map(String).join('').replace(/\r?\n$/, '');
  if (text === '') throw new UsageError('--text takes the text from standard input, where nothing came');
  return text;
}

/** Replaces values that masking missed in one stored event: signed, on the trail, and the leaf stays what it was. */
export async function redact(event: string, options: RedactOptions): Promise<number> {
  const { site, leaf } = placeOf(event);
  if (options.reason.trim() === '') throw new UsageError('--reason says why; it stands on the trail');
  if (options.text !== true && options.field === undefined) throw new UsageError('say what goes: --field NAME for all of a field, or --text for a text on standard input');
  const home = homeAt();
  const config = loadConfig();
  requireRunning(config, home, 'keys');
  requireRunning(config, home, 'storage');
  const { client, on } = await openStore(config, home, options.user);
  try {
    const stored = await storedLine(client, site, leaf);
    if (stored === undefined) throw new UsageError(`there is no event ${site}/${leaf}`);
    const { line, replaced } = redactedLine(stored.line, { fields: options.field ?? [], text: options.text === true ? await standardInput() : undefined });
    if (replaced === 0) {
      process.stderr.write(`Nothing to redact: ${site}/${leaf} holds nothing of it.\n`);
      return 1;
    }
    const keys = await connectKeys(config, home, 'compliance');
    const verifiers = verifiersAt(await keys.checkpointVerifiers());
    const original = await treeHash(client, verifiers, stored);
    const redactedHash = leafHash(stored.envelope, Buffer.from(line));
    const note = await keys.signRedaction(site, leaf, original, redactedHash, options.reason);
    const redactedAtMs = openedTime(note, verifiers);
    await using log = await openEventLog(config, home);
    await writeOnTrail(config, home, log, { action: 'event-redacted', category: ['database'], outcome: 'unknown', reason: options.reason, target: { kind: 'site', name: site, site }, about: { leaf, leaf_hash: original.toString('hex'), redacted_hash: redactedHash.toString('hex') } });
    const columns = deriveColumns(JSON.parse(line), stored.envelope.receivedAtMs);
    await redactRow(client, on, { site, leaf, note, redactedAtMs, line, columns: Object.fromEntries(COLUMNS.map((name) => [name, columns[name]])), deed: deriveActOf(line, stored.envelope.provenance) });
    process.stdout.write(options.json === true ? `${JSON.stringify({ site, leaf, replaced, leaf_hash: original.toString('hex'), redacted_hash: redactedHash.toString('hex') })}\n` : `Redacted ${replaced} ${replaced === 1 ? 'value' : 'values'} of ${site}/${leaf}. Its leaf stays ${original.toString('hex')}; "tourniquet verify" still holds.\n`);
    return 0;
  } finally {
    await client.close();
  }
}

function openedTime(note: string, verifiers: readonly NoteVerifier[]): number {
  const redaction = openRedaction(note, verifiers);
  if (redaction === undefined) throw new Error('the keys role gave a note that its own key does not open; is it another instance?');
  return redaction.redactedAtMs;
}
