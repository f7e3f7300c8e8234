import { createHash } from 'node:crypto';
import { isName, SYSTEM_SITE } from '../../contracts/names.ts';
import { TOKEN_LETTERS } from '../../contracts/token.ts';

/**
 * That the keys behind a token are to be erased (`asked`), or were (`done`). In the export folder a line of
 * `erasures.ndjson`, a JSON object with the members below, `v` (1) and `previous`: the SHA-256 of the line before, hex;
 * zeros in the first. In the registry stream `erasure/<id>/<state>`, claimed.
 */
export interface Tombstone {
  /** `[a-p]{24}`, of both records of an erasure. */
  readonly id: string;
  readonly state: 'asked' | 'done';
  readonly atMs: number;
  readonly site: string;
  readonly token: string;
}

export const CHAIN_START = '0'.repeat(64);

export function hashOfLine(line: string): string {
  return createHash('sha256').update(line).digest('hex');
}

/** Without its line feed. */
export function tombstoneLine({ id, state, atMs, site, token }: Tombstone, previous: string): string {
  return JSON.stringify({ v: 1, id, state, at: new Date(atMs).toISOString(), site, token, previous });
}

const TOKEN = new RegExp(`^[a-p]{${TOKEN_LETTERS}}$`);

/** Undefined when it is none. */
export function parseTombstone(text: string): (Tombstone & { readonly previous: string }) | undefined {
  let record: Readonly<Record<string, unknown>>;
  try {
    const value: unknown = JSON.parse(text);
    record = typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return undefined;
  }
  const { v, id, state, at, site, token, previous } = record;
  const atMs = typeof at === 'string' ? Date.parse(at) : Number.NaN;
  const isState = state === 'asked' || state === 'done';
  if (v !== 1 || typeof id !== 'string' || !TOKEN.test(id) || !isState || Number.isNaN(atMs) || typeof previous !== 'string') return undefined;
  if (typeof site !== 'string' || !(isName(site) || site === SYSTEM_SITE) || typeof token !== 'string' || !TOKEN.test(token)) return undefined;
  return { id, state, atMs, site, token, previous };
}

export interface TombstoneChain {
  readonly tombstones: readonly Tombstone[];
  /** SHA-256 of the last line. */
  readonly last: string;
  /** Bytes that hold: what follows is a line that a crash tore, which was never acknowledged. */
  readonly bytes: number;
}

/** Throws an error with the line's number where the chain does not hold. */
export function parseChain(text: string): TombstoneChain {
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  let last = CHAIN_START;
  const tombstones = whole.split('\n').slice(0, -1).map((line, i) => {
    const { previous, ...tombstone } = parseTombstone(line) ?? {};
    if (previous === undefined) throw new Error(`line ${i + 1} of the erasures is no tombstone: take a copy of the file that was not changed`);
    if (previous !== last) throw new Error(`line ${i + 1} of the erasures does not follow the one before: a line was changed or taken out; take a copy of the file that was not changed`);
    last = hashOfLine(line);
    // `previous` is there, so all of a tombstone is.
    return tombstone as Tombstone;
  });
  return { tombstones, last, bytes: Buffer.byteLength(whole) };
}
