import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { generateKeyPairSync, sign } from 'node:crypto';
import { rawPublicKey } from '../../contracts/block.ts';
import { openNote, parseCheckpoint } from '../../contracts/checkpoint.ts';
import type { Checkpoint, NoteVerifier } from '../../contracts/checkpoint.ts';
import { verifyConsistency } from '../../contracts/proof.ts';
import { cosignedText, witnessKeyId } from './cosignature.ts';

/** For tests: a witness as c2sp.org/tlog-witness describes it, over HTTP, its state in memory. */
export interface FakeWitness extends AsyncDisposable {
  readonly url: string;
  /** As an operator would give it. */
  readonly key: string;
  /** Bodies it was sent. */
  readonly requests: readonly string[];
  /** What it saw last of each origin; tests set it back or forward. */
  readonly seen: Map<string, Pick<Checkpoint, 'size' | 'root'>>;
}

interface Answer {
  readonly status: number;
  readonly type?: string;
  readonly body?: string;
}

export async function startFakeWitness(logs: readonly NoteVerifier[], name = 'witness.example/w1', timeS = 1_790_000_000): Promise<FakeWitness> {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const raw = rawPublicKey(publicKey);
  const id = Buffer.alloc(4);
  id.writeUInt32BE(witnessKeyId(name, raw));
  const requests: string[] = [];
  const seen: FakeWitness['seen'] = new Map();

  function answer(request: string): Answer {
    const end = request.indexOf('\n\n');
    const [first = '', ...proof] = request.slice(0, end).split('\n');
    const old = /^old (0|[1-9][0-9]*)$/.exec(first)?.[1];
    const note = request.slice(end + 2);
    const opened = openNote(note, logs);
    if (old === undefined || end < 0 || proof.length > 63) return { status: 400 };
    if (opened === undefined) return { status: 403 };
    const checkpoint = parseCheckpoint(opened.text);
    if (checkpoint === undefined || Number(old) > checkpoint.size) return { status: 400 };
    const last = seen.get(checkpoint.origin) ?? { size: 0, root: Buffer.alloc(32) };
    if (Number(old) !== last.size) return { status: 409, type: 'text/x.tlog.size', body: `${last.size}\n` };
    if (last.size === checkpoint.size && last.size > 0 && !last.root.equals(checkpoint.root)) return { status: 409 };
    const hashes = proof.map((line) => Buffer.from(line, 'base64'));
    if (last.size > 0 ? !verifyConsistency(last.size, last.root, checkpoint.size, checkpoint.root, hashes) : hashes.length > 0) return { status: 422 };
    seen.set(checkpoint.origin, checkpoint);
    const time = Buffer.alloc(8);
    time.writeBigUInt64BE(BigInt(timeS));
    const signature = sign(null, cosignedText(opened.text, timeS), privateKey);
    return { status: 200, body: `\u2014 ${name} ${Buffer.concat([id, time, signature]).toString('base64')}\n` };
  }

  const server = createServer((request: IncomingMessage, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      requests.push(body);
      const { status, type, body: text } = request.method === 'POST' && request.url === '/add-checkpoint' ? answer(body) : { status: 404 };
      response.writeHead(status, type === undefined ? {} : { 'content-type': type }).end(text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    // A TCP server's address is an AddressInfo.
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    key: `${name}+${id.toString('hex')}+${Buffer.concat([Uint8Array.of(4), raw]).toString('base64')}`,
    requests, seen,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
