import { createHash, generateKeyPairSync } from 'node:crypto';
import { checkpointText, formatVerifier, parseVerifier, signNote } from '../../contracts/checkpoint.ts';
import type { NoteVerifier } from '../../contracts/checkpoint.ts';
import { hashChildren } from '../../contracts/merkle.ts';
import type { Post } from './post.ts';
import type { SignedCheckpoint } from './signed-checkpoint.ts';
import type { StoredCheckpoints } from './stored-checkpoints.ts';

/** For tests: trees of made-up leaves, by the definitions of RFC 6962 section 2.1, and their signed checkpoints. */
const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const NAME = 'tourniquet-testtest';

export function testVerifier(): NoteVerifier {
  const verifier = parseVerifier(formatVerifier(NAME, publicKey));
  if (verifier === undefined) throw new Error('the key is well formed');
  return verifier;
}

/** `history`: leaves of another history differ. */
function leafOf(history: string, leaf: number): Buffer {
  return createHash('sha256').update(`${history} ${leaf}`).digest();
}

function split(size: number): number {
  let k = 1;
  while (k * 2 < size) k *= 2;
  return k;
}

function rootOfRange(history: string, from: number, to: number): Buffer {
  if (to - from === 1) return leafOf(history, from);
  const k = from + split(to - from);
  return hashChildren(rootOfRange(history, from, k), rootOfRange(history, k, to));
}

function subproof(history: string, old: number, from: number, to: number, whole: boolean): readonly Buffer[] {
  if (old === to - from) return whole ? [] : [rootOfRange(history, from, to)];
  const k = split(to - from);
  if (old <= k) return [...subproof(history, old, from, from + k, whole), rootOfRange(history, from + k, to)];
  return [...subproof(history, old - k, from + k, to, false), rootOfRange(history, from, from + k)];
}

export function consistencyProof(history: string, from: number, to: number): readonly Buffer[] {
  return subproof(history, from, 0, to, true);
}

export function checkpointOf(site: string, size: number, history = 'h'): SignedCheckpoint {
  const root = rootOfRange(history, 0, size);
  return { site, size, root: root.toString('base64'), note: signNote(checkpointText({ origin: `${NAME}/${site}`, size, root, extensions: [] }), NAME, privateKey) };
}

/** A store's rows of `checkpoints`; change them as a test likes. */
export function fakeStored(rows: SignedCheckpoint[] = []): StoredCheckpoints & { readonly rows: SignedCheckpoint[] } {
  return {
    rows,
    newest: async () => [...Map.groupBy(rows, ({ site }) => site).values()].flatMap((mine) => mine.toSorted((a, b) => b.size - a.size).slice(0, 1)),
    rootsAt: async (site, size) => [...new Set(rows.filter((row) => row.site === site && row.size === size).map(({ root }) => root))],
  };
}

/** Posts with `fetch`, for receivers on this machine. */
export const fetchPost: Post = async (url, headers, body) => {
  const answer = await fetch(url, { method: 'POST', headers, body: Buffer.from(body) });
  return { status: answer.status, contentType: answer.headers.get('content-type') ?? '', body: Buffer.from(await answer.arrayBuffer()) };
};
