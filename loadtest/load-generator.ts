import { generateKeyPairSync } from 'node:crypto';
import http from 'node:http';
import process from 'node:process';
import { constants, zstdCompressSync } from 'node:zlib';
import { loadNative } from '../detect/native/binding.ts';
import { buildBlock, chainSigner, NEW_CHAIN } from '../ingest/shipper/build-block.ts';
import type { ChainState } from '../ingest/shipper/build-block.ts';
import { referenceLines, REFERENCE_LOAD } from './reference-events.ts';

/** What a generator process is told, as JSON in its first argument. */
export interface GeneratorOrder {
  /** Streams are spread over them, and over the sites. */
  readonly gatewayUrls: readonly string[];
  readonly sites: readonly { readonly site: string; readonly enrolmentSecret: string }[];
  readonly seed: number;
  readonly streams: number;
  readonly linesPerBlock: number;
  /** Stops after so many milliseconds, or so many events. */
  readonly durationMs: number;
  readonly maxEvents: number;
  /** Events a second over all streams; 0 for as many as go. */
  readonly rate: number;
  /** Share of the lines that carry an attack. */
  readonly attackShare: number;
}

/** What it answers on standard output, one JSON line: acknowledged events, and when each block was, if a rate is set. */
export interface GeneratorReport {
  readonly events: number;
  readonly blocks: number;
  readonly elapsedMs: number;
  readonly refused: number;
  /** Milliseconds from request to receipt: median and 99th percentile. */
  readonly ackMs: readonly [p50: number, p99: number];
  /** Acknowledged at (Unix ms), by site, stream and last sequence; empty without a rate. */
  readonly acknowledged: Readonly<Record<string, number>>;
}

/** Sets of lines that are sent again and again; making JSON is not what is measured. */
const LINE_SETS = 64;
const ZSTD = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

function post(agent: http.Agent, url: URL, body: Buffer, headers: Readonly<Record<string, string>>): Promise<{ readonly status: number; readonly retryAfter: number }> {
  return new Promise((resolve, reject) => {
    const request = http.request(url, { method: 'POST', agent, headers: { ...headers, 'content-length': String(body.length) } }, (response) => {
      response.resume();
      response.on('end', () => resolve({ status: response.statusCode ?? 0, retryAfter: Number(response.headers['retry-after'] ?? 0) }));
    });
    request.on('error', reject);
    request.end(body);
  });
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function generate(order: GeneratorOrder): Promise<GeneratorReport> {
  const native = await loadNative();
  const { privateKey } = generateKeyPairSync('ed25519');
  const agent = new http.Agent({ keepAlive: true, maxSockets: order.streams });
  const source = referenceLines({ ...REFERENCE_LOAD, seed: order.seed, attackShare: order.attackShare }, Date.now());
  const sets = Array.from({ length: LINE_SETS }, () => Array.from({ length: order.linesPerBlock }, () => Buffer.from(source.next().value.line)));
  for (const { site, enrolmentSecret } of order.sites) {
    const key = chainSigner(site, 'x', privateKey).publicKey;
    const enrolled = await post(agent, new URL('/v1/enrol', order.gatewayUrls[0]), Buffer.from(JSON.stringify({ site, secret: enrolmentSecret, key })), { 'content-type': 'application/json' });
    if (enrolled.status !== 200) throw new Error(`enrolment was answered with ${enrolled.status}`);
  }

  const acknowledged: Record<string, number> = {};
  const ackTimes: number[] = [];
  const startedAt = performance.now();
  let events = 0;
  let blocks = 0;
  let refused = 0;
  let next = 0;

  async function stream(site: string, name: string, gatewayUrl: string): Promise<void> {
    const url = new URL('/v1/blocks', gatewayUrl);
    const signer = chainSigner(site, name, privateKey);
    let chain: ChainState = NEW_CHAIN;
    while (performance.now() - startedAt < order.durationMs && next + order.linesPerBlock <= order.maxEvents) {
      const due = order.rate === 0 ? 0 : startedAt + (next / order.rate) * 1000;
      const lines = sets[blocks % LINE_SETS] ?? [];
      next += lines.length;
      if (due > performance.now()) await pause(due - performance.now());
      const built = buildBlock(signer, chain, lines, { commit: (framed, head) => native.inspect(framed, Buffer.from(head)).head });
      const body = zstdCompressSync(built.body, ZSTD);
      const sentAt = performance.now();
      for (;;) {
        const answer = await post(agent, url, body, { 'content-type': 'application/octet-stream', 'content-encoding': 'zstd' });
        if (answer.status === 200) break;
        if (answer.status !== 503 && answer.status !== 429) throw new Error(`a block was answered with ${answer.status}`);
        refused += 1;
        await pause(Math.max(50, answer.retryAfter * 1000));
      }
      ackTimes.push(performance.now() - sentAt);
      chain = built.next;
      events += lines.length;
      blocks += 1;
      if (order.rate > 0) acknowledged[`${site}/${name}/${chain.nextSeq - 1}`] = Date.now();
    }
  }

  const { sites, gatewayUrls } = order;
  // Remainders of lists that the order fills.
  await Promise.all(Array.from({ length: order.streams }, (_, i) => stream(sites[i % sites.length]!.site, `load-${i}`, gatewayUrls[i % gatewayUrls.length]!)));
  agent.destroy();
  ackTimes.sort((a, b) => a - b);
  const at = (share: number): number => ackTimes[Math.floor((ackTimes.length - 1) * share)] ?? 0;
  return { events, blocks, elapsedMs: performance.now() - startedAt, refused, ackMs: [at(0.5), at(0.99)], acknowledged };
}

// The order comes from pipeline.ts, our own parent.
const order = JSON.parse(process.argv[2] ?? '{}') as GeneratorOrder;
process.stdout.write(`${JSON.stringify(await generate(order))}\n`);
