import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { closeSync, fstatSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { open } from 'lmdb';
import type { Database, RootDatabase } from 'lmdb';
import { prepareLmdbFile } from '../contracts/lmdb-file.ts';
import type { VaultEntry } from '../contracts/keys.ts';
import { KeysError } from './errors.ts';

/**
 * What must stay recoverable, encrypted, one random key an entry.
 *
 *     keys.slots               32 bytes a slot, only ever appended: the key of one entry, zeros once erased
 *     entries  site NUL token          ->  u48 slot | nonce, 12 bytes | ciphertext | tag, 16 bytes
 *     subjects site NUL subject NUL token  ->  empty
 *
 * Every entry is also a subject of itself. The additional data of an entry is its key in `entries`. Erasing overwrites the slots in place and syncs before the
 * entries are removed, so a crash in between leaves entries that nothing opens. What this cannot promise: copies that
 * the file system, the disk (wear levelling, remapped sectors), a snapshot or a backup made of the slots file. Keep it
 * on an encrypted disk, and replay erasures after restoring a backup.
 */
export interface VaultStore extends AsyncDisposable {
  put(entries: readonly VaultEntry[]): Promise<void>;
  reveal(site: string, token: string): Buffer | undefined;
  erase(site: string, subject: string): Promise<number>;
  /** Entries that `erase` would erase. */
  linked(site: string, subject: string): number;
  /** The largest checkpoint signed for a site. */
  lastCheckpoint(site: string): { readonly size: number; readonly root: Buffer } | undefined;
  /** Durable when it resolves. */
  rememberCheckpoint(site: string, size: number, root: Buffer): Promise<void>;
}

/** Address space, not disk. */
const MAP_BYTES = 16 * 1024 ** 3;
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const SLOT_BYTES = 6;
const ERASED = Buffer.alloc(KEY_BYTES);

function joined(...parts: readonly string[]): Buffer {
  return Buffer.from(parts.join('\0'));
}

/** Throws `TQ-KEYS-08` when its files are damaged. */
export function openVaultStore(directory: string): VaultStore {
  const slots = join(directory, 'keys.slots');
  // Made first, then opened for writing: a descriptor in append mode cannot overwrite.
  closeSync(openSync(slots, 'a', 0o600));
  try {
    const file = prepareLmdbFile(directory);
    if (file.state === 'damaged') throw new Error(file.problem);
    // Options as in the event log: a commit is synced before it is seen, and no promise is left unhandled.
    const root = open<Buffer, Buffer>({ path: directory, noSubdir: false, overlappingSync: false, eventTurnBatching: false, mapSize: MAP_BYTES, maxDbs: 4, encoding: 'binary', keyEncoding: 'binary', ...PRIVATE });
    return new LmdbVault(openSync(slots, 'r+'), root);
  } catch (cause) {
    throw new KeysError('TQ-KEYS-08', 'vault', { cause });
  }
}

/** Known to lmdb's native part (env.cpp), missing in its types. */
const PRIVATE: object = { permissionsMode: 0o600 };

const LINK = Buffer.alloc(1);

function sealedEntry({ site, token, value }: VaultEntry, slot: number, key: Buffer): { readonly name: Buffer; readonly bytes: Buffer } {
  const name = joined(site, token);
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(name);
  const head = Buffer.alloc(SLOT_BYTES);
  head.writeUIntBE(slot, 0, SLOT_BYTES);
  return { name, bytes: Buffer.concat([head, nonce, cipher.update(value), cipher.final(), cipher.getAuthTag()]) };
}

class LmdbVault implements VaultStore {
  readonly #slots: number;
  readonly #root: RootDatabase<Buffer, Buffer>;
  readonly #entries: Database<Buffer, Buffer>;
  readonly #subjects: Database<Buffer, Buffer>;
  readonly #checkpoints: Database<Buffer, Buffer>;
  #putting: Promise<void> = Promise.resolve();

  constructor(slots: number, root: RootDatabase<Buffer, Buffer>) {
    const table = (name: string) => root.openDB<Buffer, Buffer>({ name, encoding: 'binary', keyEncoding: 'binary' });
    this.#slots = slots;
    this.#root = root;
    this.#entries = table('entries');
    this.#subjects = table('subjects');
    this.#checkpoints = table('checkpoints');
  }

  /** One after the other: two that put one token at once would leave a key behind that no erasure finds. */
  async put(entries: readonly VaultEntry[]): Promise<void> {
    const mine = this.#putting.then(async () => this.#putNow(entries));
    this.#putting = mine.catch(() => undefined);
    return mine;
  }

  async #putNow(entries: readonly VaultEntry[]): Promise<void> {
    const fresh = new Map(entries.map((entry) => [joined(entry.site, entry.token).toString('latin1'), entry] as const).filter(([name]) => this.#entries.getBinary(Buffer.from(name, 'latin1')) === undefined));
    const keys = Array.from(fresh, () => randomBytes(KEY_BYTES));
    const firstSlot = keys.length === 0 ? 0 : this.#appendSlots(keys);
    const sealed = Array.from(fresh.values(), (entry, i) => sealedEntry(entry, firstSlot + i, keys[i] ?? Buffer.alloc(0)));
    const links = entries.flatMap(({ site, token, subjects }) => [token, ...subjects].map((subject) => joined(site, subject, token))).filter((link) => this.#subjects.getBinary(link) === undefined);
    if (sealed.length + links.length === 0) return;
    await this.#write(() => {
      for (const { name, bytes } of sealed) this.#entries.put(name, bytes);
      for (const link of links) this.#subjects.put(link, LINK);
    });
  }

  reveal(site: string, token: string): Buffer | undefined {
    const name = joined(site, token);
    const entry = this.#entries.getBinary(name);
    if (entry === undefined) return undefined;
    const key = this.#readSlot(entry.readUIntBE(0, SLOT_BYTES));
    if (key.equals(ERASED)) return undefined;
    const body = SLOT_BYTES + NONCE_BYTES;
    const decipher = createDecipheriv('aes-256-gcm', key, entry.subarray(SLOT_BYTES, body), { authTagLength: TAG_BYTES }).setAAD(name);
    decipher.setAuthTag(entry.subarray(-TAG_BYTES));
    try {
      return Buffer.concat([decipher.update(entry.subarray(body, -TAG_BYTES)), decipher.final()]);
    } catch (cause) {
      throw new KeysError('TQ-KEYS-08', 'vault entry', { cause });
    }
  }

  linked(site: string, subject: string): number {
    return this.#tokensOf(site, subject).filter((token) => this.#entries.getBinary(joined(site, token)) !== undefined).length;
  }

  #tokensOf(site: string, subject: string): readonly string[] {
    const prefix = joined(site, subject, '');
    const tokens: string[] = [];
    for (const key of this.#subjects.getKeys({ start: prefix })) {
      if (!key.subarray(0, prefix.length).equals(prefix)) break;
      tokens.push(key.toString('utf8', prefix.length));
    }
    return tokens;
  }

  async erase(site: string, subject: string): Promise<number> {
    const tokens = this.#tokensOf(site, subject);
    const entries = tokens.flatMap((token) => this.#entries.getBinary(joined(site, token)) ?? []);
    this.#eraseSlots(entries.map((entry) => entry.readUIntBE(0, SLOT_BYTES)));
    await this.#write(() => {
      for (const token of tokens) {
        this.#entries.remove(joined(site, token));
        this.#subjects.remove(joined(site, subject, token));
        this.#subjects.remove(joined(site, token, token));
      }
    });
    return entries.length;
  }

  lastCheckpoint(site: string): { readonly size: number; readonly root: Buffer } | undefined {
    const found = this.#checkpoints.getBinary(Buffer.from(site));
    return found === undefined ? undefined : { size: Number(found.readBigUInt64BE(0)), root: Buffer.from(found.subarray(8)) };
  }

  async rememberCheckpoint(site: string, size: number, root: Buffer): Promise<void> {
    const head = Buffer.alloc(8);
    head.writeBigUInt64BE(BigInt(size));
    await this.#write(() => this.#checkpoints.put(Buffer.from(site), Buffer.concat([head, root])));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#root.close();
    closeSync(this.#slots);
  }

  /** Synced when it resolves: the environment is opened without `overlappingSync`. */
  async #write(change: () => void): Promise<void> {
    try {
      await this.#root.transaction(change);
    } catch (cause) {
      throw new KeysError('TQ-KEYS-11', 'vault', { cause });
    }
  }

  /** Returns the number of the first. */
  #appendSlots(keys: readonly Buffer[]): number {
    const slot = Math.floor(fstatSync(this.#slots).size / KEY_BYTES);
    writeSync(this.#slots, Buffer.concat(keys), 0, keys.length * KEY_BYTES, slot * KEY_BYTES);
    fsyncSync(this.#slots);
    return slot;
  }

  #readSlot(slot: number): Buffer {
    const key = Buffer.alloc(KEY_BYTES);
    readSync(this.#slots, key, 0, KEY_BYTES, slot * KEY_BYTES);
    return key;
  }

  #eraseSlots(slots: readonly number[]): void {
    for (const slot of slots) writeSync(this.#slots, ERASED, 0, KEY_BYTES, slot * KEY_BYTES);
    fsyncSync(this.#slots);
  }
}
