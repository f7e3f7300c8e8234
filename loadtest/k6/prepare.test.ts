import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { zstdDecompressSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { headerSignatureHolds, ed25519PublicKey, parseBlockHeader, rawPublicKey } from '../../contracts/block.ts';
import { commitment, extendHead, GENESIS_HEAD, NONCE_CHARS } from '../../contracts/chain.ts';
import { prepareLoad, streamOfUser } from './prepare.ts';
import type { K6Load } from './prepare.ts';
import { readSummary } from './summary.ts';

const LOAD: K6Load = { seed: 7, seconds: 2, linesPerBlock: 5, rate: 20, linesRate: 1, otlpRate: 1 };
const directory = mkdtempSync(path.join(os.tmpdir(), 'tourniquet-k6-test-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const { privateKey } = generateKeyPairSync('ed25519');
const { orderFile, order } = prepareLoad(LOAD, { gatewayUrl: 'http://127.0.0.1:1', site: 'shop', privateKey, ingestKey: 'K' }, directory);

function blocksOf(file: string): readonly Buffer[] {
  const bytes = readFileSync(path.join(directory, file));
  const blocks: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += 4 + bytes.readUInt32LE(at)) blocks.push(zstdDecompressSync(bytes.subarray(at + 4, at + 4 + bytes.readUInt32LE(at))));
  return blocks;
}

interface StubRun {
  readonly options: { readonly scenarios: Readonly<Record<string, Readonly<Record<string, unknown>>>>; readonly thresholds: Readonly<Record<string, readonly string[]>> };
  readonly posted: readonly { readonly path: string; readonly what: string; readonly headers: Readonly<Record<string, string>> }[];
  readonly counters: Readonly<Record<string, number>>;
}

/** gateway.js as k6 runs it for one virtual user, with k6's modules and the gateway replaced. */
function runScript(user: number, runs: number): StubRun {
  const output = execFileSync(process.execPath, [fileURLToPath(new URL('stub-run.ts', import.meta.url)), fileURLToPath(new URL('gateway.js', import.meta.url)), String(user), String(runs)], { env: { ...process.env, TOURNIQUET_ORDER: orderFile }, encoding: 'utf8' });
  // The line that stub-run.ts prints.
  return JSON.parse(output) as StubRun;
}

test('every virtual user has a signed chain of its own, whole from its start and longer than its share', () => {
  expect(order.blockFiles).toHaveLength(order.users + order.linesUsers + order.otlpUsers);
  for (const [i, file] of order.blockFiles.entries()) {
    let head = GENESIS_HEAD;
    let seq = 0;
    const blocks = blocksOf(file);
    expect(blocks.length * order.users).toBeGreaterThan(LOAD.rate * LOAD.seconds);
    for (const block of blocks) {
      const [first = '', ...lines] = block.toString().trimEnd().split('\n');
      const parsed = parseBlockHeader(first);
      if (!parsed.ok) throw new Error(parsed.problem);
      const { header } = parsed;
      expect(header).toMatchObject({ site: 'shop', stream: streamOfUser(i + 1), epoch: 1, first_seq: seq, lines: 5, previous_head: head.toString('base64url'), key: rawPublicKey(privateKey).toString('base64url') });
      expect(headerSignatureHolds(header, ed25519PublicKey(header.key))).toBe(true);
      for (const line of lines) head = extendHead(head, commitment(Buffer.from(line.slice(0, NONCE_CHARS), 'base64url'), Buffer.from(line.slice(NONCE_CHARS + 1))));
      expect(header.head).toBe(head.toString('base64url'));
      seq += lines.length;
    }
  }
});

test('the script loads without k6, and offers each rate from the start with goals for what matters', () => {
  const { options, posted } = runScript(0, 0);
  expect(posted).toEqual([]);
  expect(options.scenarios).toMatchObject({
    blocks: { executor: 'constant-arrival-rate', rate: 20, duration: '2s', preAllocatedVUs: order.users, maxVUs: order.users },
    plain: { executor: 'constant-arrival-rate', rate: 1 }, otlpLogs: { executor: 'constant-arrival-rate', rate: 1 },
  });
  expect(options.thresholds).toMatchObject({ http_req_failed: ['rate<0.001'], 'http_req_duration{scenario:blocks}': ['p(99)<50'], checks: ['rate==1'] });
});

test('a virtual user sends its chain in order, sends a refused block again, and counts what was acknowledged once', () => {
  const { posted, counters } = runScript(3, 4);
  const blocks = posted.filter((p) => p.path === '/v1/blocks');
  expect(blocks.map((p) => p.what)).toEqual(['k6-3 0', 'k6-3 5', 'k6-3 10 busy', 'k6-3 10']);
  expect(blocks[0]?.headers).toEqual({ 'Content-Type': 'application/octet-stream', 'Content-Encoding': 'zstd' });
  expect(posted.filter((p) => p.path === '/v1/events?stream=k6-lines')).toHaveLength(4);
  expect(posted.filter((p) => p.path === '/v1/logs?stream=k6-otlp')).toHaveLength(4);
  expect(counters).toEqual({ acknowledged_blocks: 15, acknowledged_lines: 20, acknowledged_otlp: 20, resent_blocks: 1 });
});

test('a chain that ends before the run does is said', () => {
  const { counters } = runScript(1, 20);
  expect(counters['exhausted_chains']).toBeGreaterThan(0);
});

test('the plain lines and the OTLP request hold as many events as are counted for them', () => {
  expect(readFileSync(path.join(directory, order.linesFile), 'utf8').trimEnd().split('\n')).toHaveLength(5);
  const otlp: { readonly resourceLogs: readonly { readonly scopeLogs: readonly { readonly logRecords: readonly unknown[] }[] }[] } = JSON.parse(readFileSync(path.join(directory, order.otlpFile), 'utf8'));
  expect(otlp.resourceLogs[0]?.scopeLogs[0]?.logRecords).toHaveLength(5);
});

test("a summary of k6 is read: counts, percentiles of the blocks, goals; what k6 leaves out is nought", () => {
  const metrics = {
    http_reqs: { values: { count: 10, rate: 5 } }, http_req_failed: { values: { rate: 0.1 }, thresholds: { 'rate<0.001': { ok: false } } },
    'http_req_duration{scenario:blocks}': { values: { med: 1, 'p(90)': 2, 'p(95)': 3, 'p(99)': 4, 'p(99.9)': 5, max: 6 }, thresholds: { 'p(99)<50': { ok: true } } },
    acknowledged_blocks: { values: { count: 100 } },
  };
  expect(readSummary(JSON.stringify({ metrics }))).toEqual({
    requests: 10, requestsPerSecond: 5, failedShare: 0.1, latencyMs: { med: 1, 'p(90)': 2, 'p(95)': 3, 'p(99)': 4, 'p(99.9)': 5, max: 6 },
    acknowledged: { blocks: 100, lines: 0, otlp: 0 }, resentBlocks: 0, droppedIterations: 0,
    goals: [{ goal: 'http_req_failed rate<0.001', met: false }, { goal: 'http_req_duration{scenario:blocks} p(99)<50', met: true }],
  });
});
