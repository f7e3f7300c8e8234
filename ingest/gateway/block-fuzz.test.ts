import process from 'node:process';
import { setImmediate } from 'node:timers/promises';
import { gunzipSync, gzipSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { signHeader } from '../../contracts/block.ts';
import type { BlockHeader } from '../../contracts/block.ts';
import type { EventLog } from '../../contracts/event-log.ts';
import { seededRandom } from '../../contracts/seeded-random.ts';
import { acceptBlock } from './accept-block.ts';
import { GatewayError } from './errors.ts';
import { createContext } from './gateway.ts';
import { blockOf, enrolledShipper, eventLine, openTestGateway, rawRequest } from './test-gateway.ts';
import type { TestShipper } from './test-gateway.ts';

const ROUNDS = Number(process.env['TOURNIQUET_FUZZ'] ?? 50_000);
const SEED = Number(process.env['TOURNIQUET_FUZZ_SEED'] ?? Date.now() % 2 ** 31);

const TOKENS = ['\n', '\0', '"', '{', '[', '\\', '\u2028', '__proto__', '1e999', '-0', '9007199254740993', ' ', '\r\n', 'null', '\xff'];

function mutate(bytes: Buffer, below: (limit: number) => number): Buffer {
  const out = Buffer.from(bytes);
  const at = below(out.length + 1);
  const end = Math.min(out.length, at + below(40));
  switch (below(6)) {
    case 0:
      if (at < out.length) out[at] = (out[at] ?? 0) ^ (1 << below(8));
      return out;
    case 1:
      return out.subarray(0, at);
    case 2:
      return Buffer.concat([out.subarray(0, at), out.subarray(end)]);
    case 3:
      return Buffer.concat([out.subarray(0, end), out.subarray(at, end), out.subarray(end)]);
    case 4:
      return Buffer.concat([out.subarray(0, at), Buffer.from(TOKENS[below(TOKENS.length)] ?? ''), out.subarray(at)]);
    default:
      return out.fill(below(256), at, end);
  }
}

const VALUES = [0, -1, 1.5, 2 ** 53, 10_001, null, '', 'x', [], {}, '_system', 'a'.repeat(10_000)];

/** The attacker holds the key: a field says something else and the signature holds. */
function resigned(header: BlockHeader, lines: Buffer, shipper: TestShipper, below: (limit: number) => number): Buffer {
  const fields = Object.keys(header);
  const changed = { ...header, [fields[below(fields.length)] ?? 'v']: VALUES[below(VALUES.length)] };
  return Buffer.concat([Buffer.from(`${JSON.stringify(signHeader(changed, shipper.privateKey))}\n`), lines]);
}

const ENCODINGS = {
  identity: { close: (b: Buffer) => b, open: (b: Buffer) => b },
  gzip: { close: (b: Buffer) => gzipSync(b, { level: 1 }), open: (b: Buffer) => gunzipSync(b) },
  zstd: { close: (b: Buffer) => zstdCompressSync(b), open: (b: Buffer) => zstdDecompressSync(b) },
};

test(`${ROUNDS} mutations of right blocks: each is taken with the right count or refused for a reason (seed ${SEED})`, { timeout: 3_600_000 }, async () => {
  const { below } = seededRandom(SEED);
  let stored = 0;
  await using gateway = await openTestGateway({
    config: { site_events_per_second: 100_000_000, site_bytes_per_second: 100_000_000_000, burst_seconds: 3600 },
    deps: { seal: (_head, body) => ((stored += 1), body.subarray(0, 1)) },
  });
  const shipper = await enrolledShipper(gateway);
  // Nothing is kept, so that memory which grows is the gateway's own.
  const log: EventLog = { ...gateway.log, append: async () => ({ partition: 0, position: 0 }) };
  const context = createContext({ ...gateway.context, log });
  const block = blockOf(shipper, [eventLine(0), 'not json', eventLine(2)]);
  const lines = block.bytes.subarray(block.bytes.indexOf(0x0a) + 1);
  const outcomes = new Map<string, number>();
  let warmBytes = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const encoding = (['identity', 'identity', 'gzip', 'zstd'] as const)[below(4)] ?? 'identity';
    const { close, open } = ENCODINGS[encoding];
    const outside = below(3) === 0;
    const plain = below(5) === 0 ? resigned(block.header, lines, shipper, below) : outside ? block.bytes : mutate(block.bytes, below);
    const body = outside ? mutate(close(plain), below) : close(plain);
    const outcome = await acceptBlock(context, rawRequest({ body, encoding })).then(
      ({ receipt }) => {
        const opened = open(body);
        // The chain binds every byte of the lines, so whatever was taken holds just these.
        const same = opened.subarray(opened.indexOf(0x0a) + 1).equals(lines);
        return same && receipt.lines === 3 && receipt.dead_letters === 1 ? 'taken' : `round ${round}: taken, but not what was sent`;
      },
      (error: unknown) => (error instanceof GatewayError && error.status < 500 ? error.reason : `round ${round}: ${String(error)}`),
    );
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    // As between requests: native memory is only given back when the loop turns.
    if (round % 64 === 0) await setImmediate();
    if (round === Math.min(ROUNDS - 1, 20_000)) warmBytes = process.memoryUsage.rss();
  }
  expect([...outcomes.keys()].filter((outcome) => outcome.startsWith('round'))).toEqual([]);
  expect(process.memoryUsage.rss() - warmBytes).toBeLessThan(256 * 1024 * 1024);
  expect(stored).toBe(outcomes.get('taken'));
  expect(context.admission.appends).toBe(0);
  // The mutations reach every check, or the fuzz has gone blind.
  const reached = ['taken', 'compression_broken', 'header_broken', 'signature_wrong', 'line_framing', 'line_count', 'chain_head', 'key_unknown'];
  expect(reached.filter((reason) => (outcomes.get(reason) ?? 0) <= ROUNDS / 50_000)).toEqual([]);
});
