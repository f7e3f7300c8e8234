import { parseNote } from '../../contracts/checkpoint.ts';
import { cosignatureIn } from './cosignature.ts';
import type { Cosignature, WitnessKey } from './cosignature.ts';
import type { Post } from './post.ts';
import type { SignedCheckpoint } from './signed-checkpoint.ts';

/** A client of one witness: C2SP tlog-witness (c2sp.org/tlog-witness), `add-checkpoint`. */
export interface Witness {
  readonly name: string;
  /** The witness's word for a checkpoint. Rejects with `WitnessRefusal` when it never will, with another error when it may later. */
  cosign(checkpoint: SignedCheckpoint): Promise<Cosignature>;
}

/** The witness holds another history, or does not know this log. */
export class WitnessRefusal extends Error {
  override readonly name = 'WitnessRefusal';
}

export interface WitnessOptions {
  readonly key: WitnessKey;
  /** The submission prefix. */
  readonly url: string;
  readonly post: Post;
  /** RFC 6962 consistency proof of a site's log, from a smaller size to that of a checkpoint. */
  readonly consistencyProof: (site: string, from: number, to: number) => Promise<readonly Buffer[]>;
}

/** `verifier-key URL`; undefined when it is something else. */
export function parseWitness(text: string): { readonly key: string; readonly url: string } | undefined {
  const [key, url, ...rest] = text.trim().split(/\s+/);
  const parsed = URL.parse(url ?? '');
  if (key === undefined || rest.length > 0 || parsed === null || (parsed.protocol !== 'https:' && parsed.protocol !== 'http:') || parsed.username !== '' || parsed.search !== '') return undefined;
  return { key, url: parsed.href.replace(/\/+$/, '') };
}

const MOST_PROOF_LINES = 63;

export function createWitness({ key, url, post, consistencyProof }: WitnessOptions): Witness {
  /** What it last cosigned, as far as we know; it says so when that is wrong. */
  let lastSize = 0;
  /** It told of a larger tree before: once may be another process of ours that was faster. */
  let ahead = false;

  async function ask(checkpoint: SignedCheckpoint, old: number): Promise<Cosignature | { readonly conflict: number }> {
    const proof = old === 0 || old === checkpoint.size ? [] : await consistencyProof(checkpoint.site, old, checkpoint.size);
    if (proof.length > MOST_PROOF_LINES) throw new RangeError('a consistency proof has at most 63 hashes');
    const body = `old ${old}\n${proof.map((hash) => `${hash.toString('base64')}\n`).join('')}\n${checkpoint.note}`;
    const answer = await post(`${url}/add-checkpoint`, { 'content-type': 'text/plain; charset=utf-8' }, body);
    switch (answer.status) {
      case 200: {
        const text = parseNote(checkpoint.note)?.text ?? '';
        const cosignature = cosignatureIn(answer.body.toString('utf8'), text, key);
        if (cosignature === undefined) throw new WitnessRefusal(`the witness ${key.name} answered without a cosignature by its key: check the key under anchor.witnesses`);
        return cosignature;
      }
      case 409:
        return { conflict: conflictSize(answer.contentType, answer.body.toString('utf8')) };
      case 403:
      case 404:
        throw new WitnessRefusal(`the witness ${key.name} does not know this log or its key (status ${answer.status}): give its operator the origin and verifier key`);
      case 422:
        throw new WitnessRefusal(`the witness ${key.name} holds another history: the ledger was rolled back or written anew, or the witness is wrong`);
      default:
        throw new Error(`the witness ${key.name} answered with status ${answer.status}`);
    }
  }

  function conflictSize(contentType: string, body: string): number {
    if (!contentType.startsWith('text/x.tlog.size') || !/^(0|[1-9][0-9]{0,15})\n$/.test(body)) throw new WitnessRefusal(otherRoot());
    return Number(body);
  }

  function otherRoot(): string {
    return `the witness ${key.name} holds another root of this size: the history was written anew, or the witness is wrong`;
  }

  function tellAhead(size: number, ours: number): Error {
    const told = `the witness ${key.name} cosigned size ${size}, larger than the ledger's ${ours}`;
    if (ahead) return new WitnessRefusal(`${told}: the ledger was rolled back`);
    ahead = true;
    return new Error(`${told}; it is asked again later`);
  }

  return {
    name: key.name,
    async cosign(checkpoint) {
      let answer = await ask(checkpoint, Math.min(lastSize, checkpoint.size));
      if ('conflict' in answer) {
        const size = answer.conflict;
        if (size > checkpoint.size) throw tellAhead(size, checkpoint.size);
        lastSize = size;
        answer = await ask(checkpoint, size);
        if ('conflict' in answer && answer.conflict === checkpoint.size && size === checkpoint.size) throw new WitnessRefusal(otherRoot());
        if ('conflict' in answer) throw new Error(`the witness ${key.name} changed its mind meanwhile; it is asked again later`);
      }
      lastSize = checkpoint.size;
      ahead = false;
      return answer;
    },
  };
}
