import { zstdDecompressSync } from 'node:zlib';
import { ed25519PublicKey, headerSignatureHolds, parseBlockHeader } from '../../contracts/block.ts';

export interface Posted {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** What the body is: a block's first sequence, or lines. */
  readonly what: string;
}

interface Answer {
  readonly status: number;
  json(path: string): unknown;
}

/** Answers as a gateway does; each third block is refused once as if the gateway were busy. */
export function gatewayDouble(): { readonly posted: readonly Posted[]; post(url: string, body: ArrayBuffer | string, params: { readonly headers: Record<string, string> }): Answer } {
  const posted: Posted[] = [];
  let blocks = 0;
  let previousHead: string | undefined;
  const answer = (status: number, value: Readonly<Record<string, unknown>>): Answer => ({ status, json: (path) => value[path] });

  function postBlock(bytes: Buffer): { readonly what: string; readonly answer: Answer } {
    const text = zstdDecompressSync(bytes);
    const parsed = parseBlockHeader(text.toString('utf8', 0, text.indexOf(0x0a)));
    if (!parsed.ok) throw new Error(parsed.problem);
    const { header } = parsed;
    if (!headerSignatureHolds(header, ed25519PublicKey(header.key))) throw new Error('the signature does not hold');
    if (previousHead !== undefined && header.previous_head !== previousHead) throw new Error('the chain is broken');
    blocks += 1;
    if (blocks % 3 === 0) return { what: `${header.stream} ${header.first_seq} busy`, answer: answer(503, {}) };
    previousHead = header.head;
    return { what: `${header.stream} ${header.first_seq}`, answer: answer(200, { receipt: { lines: header.lines, first_seq: header.first_seq } }) };
  }

  return {
    posted,
    post(url, body, { headers }) {
      const { pathname, search } = new URL(url);
      const result = typeof body === 'string' ? { what: `${body.length} characters`, answer: answer(200, { accepted: body.trimEnd().split('\n').length }) } : postBlock(Buffer.from(body));
      posted.push({ path: `${pathname}${search}`, headers, what: result.what });
      return result.answer;
    },
  };
}
