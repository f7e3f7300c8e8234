import { generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { zstdDecompressSync } from 'node:zlib';
import { ed25519PublicKey, headerSignatureHolds, parseBlockHeader, rawPublicKey } from '../../contracts/block.ts';
import type { BlockHeader } from '../../contracts/block.ts';
import { commitment, extendHead, GENESIS_HEAD, NONCE_CHARS } from '../../contracts/chain.ts';
import { signReceipts } from '../../contracts/receipt.ts';
import type { Receipt } from '../../contracts/receipt.ts';

/** What happens to one request for a block; `ok` when the script has ended. */
export type Fault = 'ok' | 'drop-before' | 'drop-after' | 'busy' | 'limited' | 'broken' | 'refused' | 'forged' | 'other-block';

/** A gateway for tests: checks blocks as the contract says and stores each once. */
export interface FakeGateway extends AsyncDisposable {
  readonly url: string;
  /** Consumed from the front, one a block request. */
  readonly faults: Fault[];
  /** Lines stored, in the order of the chain; throws when it has holes or forks. */
  lines(): readonly string[];
  readonly requests: () => number;
  /** Compressed bodies as they came. */
  readonly bodies: readonly Buffer[];
  readonly headers: readonly BlockHeader[];
}

interface StoredBlock {
  readonly header: BlockHeader;
  readonly lines: readonly string[];
}

interface FakeState {
  readonly key: KeyObject;
  readonly publicKey: string;
  readonly secret: string;
  readonly faults: Fault[];
  readonly stored: Map<number, StoredBlock>;
  readonly bodies: Buffer[];
  readonly headers: BlockHeader[];
  pinned: string | undefined;
}

export async function startFakeGateway(secret: string): Promise<FakeGateway> {
  const { privateKey } = generateKeyPairSync('ed25519');
  const state: FakeState = {
    key: privateKey, publicKey: rawPublicKey(privateKey).toString('base64url'), secret, faults: [], stored: new Map(), bodies: [], headers: [], pinned: undefined,
  };
  const server = createServer((request, response) => {
    void answer(state, request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    faults: state.faults,
    bodies: state.bodies,
    headers: state.headers,
    requests: () => state.bodies.length,
    lines: () => chainedLines(state.stored),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function chainedLines(stored: ReadonlyMap<number, StoredBlock>): readonly string[] {
  const lines: string[] = [];
  let head = GENESIS_HEAD.toString('base64url');
  for (const [firstSeq, block] of [...stored].toSorted(([a], [b]) => a - b)) {
    if (firstSeq !== lines.length || block.header.previous_head !== head) throw new Error(`the chain is broken at ${firstSeq}`);
    lines.push(...block.lines);
    head = block.header.head;
  }
  return lines;
}

async function answer(state: FakeState, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  const body = Buffer.concat(chunks);
  if (request.url === '/v1/enrol') return enrol(state, body, response);
  state.bodies.push(body);
  const fault = state.faults.shift() ?? 'ok';
  if (fault === 'drop-before') return void request.socket.destroy();
  if (fault === 'busy') return send(response, 503, {}, { 'retry-after': '1' });
  if (fault === 'limited') return send(response, 429, {}, { 'retry-after': '2' });
  if (fault === 'broken') return send(response, 500, {});
  if (fault === 'refused') return send(response, 403, { code: 'TQ-GATEWAY-05', message: 'The signing key was replaced.\u001b[2J' });
  const block = readBlock(body, state.pinned);
  if (typeof block === 'string') return send(response, 422, { message: block });
  const problem = store(state, block);
  if (problem !== undefined) return send(response, 422, { message: problem });
  if (fault === 'drop-after') return void request.socket.destroy();
  return send(response, 200, receiptFor(state, block, fault));
}

function send(response: ServerResponse, status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value));
}

function enrol(state: FakeState, body: Buffer, response: ServerResponse): void {
  // Only our own client calls this.
  const { secret, key } = JSON.parse(body.toString()) as { readonly secret: string; readonly key: string };
  if (secret !== state.secret || (state.pinned !== undefined && state.pinned !== key)) return send(response, 403, { message: 'The enrolment was used.' });
  state.pinned = key;
  return send(response, 200, { receipt_key: state.publicKey });
}

function readBlock(body: Buffer, pinned: string | undefined): StoredBlock | string {
  const text = zstdDecompressSync(body);
  const end = text.indexOf(0x0a);
  const parsed = parseBlockHeader(text.toString('utf8', 0, end));
  if (!parsed.ok) return parsed.problem;
  const { header } = parsed;
  if (header.key !== pinned) return 'unknown key';
  if (!headerSignatureHolds(header, ed25519PublicKey(header.key))) return 'signature';
  const lines: string[] = [];
  let head: Buffer = Buffer.from(header.previous_head, 'base64url');
  for (let at = end + 1; at < text.length;) {
    const next = text.indexOf(0x0a, at);
    const nonce = Buffer.from(text.toString('latin1', at, at + NONCE_CHARS), 'base64url');
    const line = text.subarray(at + NONCE_CHARS + 1, next);
    if (nonce.length !== 16 || next < 0) return 'framing';
    head = extendHead(head, commitment(nonce, line));
    lines.push(line.toString('latin1'));
    at = next + 1;
  }
  if (lines.length !== header.lines) return 'line count';
  return head.toString('base64url') === header.head ? { header, lines } : 'head';
}

function store(state: FakeState, block: StoredBlock): string | undefined {
  const before = state.stored.get(block.header.first_seq);
  if (before !== undefined) return before.header.head === block.header.head ? undefined : 'fork';
  state.stored.set(block.header.first_seq, block);
  state.headers.push(block.header);
  return undefined;
}

function receiptFor(state: FakeState, block: StoredBlock, fault: Fault): Receipt {
  const { site, stream, epoch, first_seq, lines, head } = block.header;
  const facts = {
    site, stream, epoch, first_seq: fault === 'other-block' ? first_seq + 1 : first_seq, lines, head,
    received_at: 1_795_000_000_000, dead_letters: block.lines.filter((line) => !line.startsWith('{')).length,
  };
  // A receipt among others of its moment, of which there are three here.
  const receipt = signReceipts([{ ...facts, site: 'before' }, facts, { ...facts, site: 'after' }], state.publicKey, state.key)[1]!;
  return fault === 'forged' ? { ...receipt, received_at: receipt.received_at + 1 } : receipt;
}
