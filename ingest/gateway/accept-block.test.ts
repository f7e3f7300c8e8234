import { createPublicKey, sign } from 'node:crypto';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { certificateText } from '../../contracts/block.ts';
import type { KeyCertificate } from '../../contracts/block.ts';
import { MAX_LINE_BYTES } from '../../contracts/limits.ts';
import { receiptHolds } from '../../contracts/receipt.ts';
import { rotateSite } from '../sites/site-admin.ts';
import { LogError } from '../log/errors.ts';
import { acceptBlock } from './accept-block.ts';
import { blockOf, enrolledShipper, eventLine, newShipper, NOW_MS, openTestGateway, rawRequest, SITE } from './test-gateway.ts';
import type { TestGateway, TestShipper } from './test-gateway.ts';

const LINES = Array.from({ length: 5 }, (_, i) => eventLine(i));

function send(gateway: TestGateway, body: Buffer, encoding?: string) {
  return acceptBlock(gateway.context, rawRequest({ body, encoding }));
}

function certificateOf(by: TestShipper, key: string): KeyCertificate {
  return { key, by: by.key, signature: sign(null, Buffer.from(certificateText(SITE, { key, by: by.key })), by.privateKey).toString('base64url') };
}

describe('a right block', () => {
  test.each([['identity', (b: Buffer) => b], ['gzip', (b: Buffer) => gzipSync(b)], ['zstd', (b: Buffer) => zstdCompressSync(b)], [undefined, (b: Buffer) => b]])('is stored whole and answered with a receipt that holds (%s)', async (encoding, compress) => {
    await using gateway = await openTestGateway({ deps: { checkpointFor: () => 'note' } });
    const block = blockOf(await enrolledShipper(gateway), LINES);
    const body = compress(block.bytes);
    const { receipt, checkpoint } = await send(gateway, body, encoding);
    expect(receiptHolds(receipt, createPublicKey(gateway.context.receiptKey))).toBe(true);
    expect(receipt).toMatchObject({ site: SITE, stream: 'audit', epoch: 1, first_seq: 0, lines: 5, head: block.header.head, received_at: NOW_MS, dead_letters: 0 });
    expect(checkpoint).toBe('note');
    const [record] = await gateway.records();
    expect(record?.key).toBe(SITE);
    expect(record?.body).toEqual(block.bytes);
    expect(record?.head).toMatchObject({ provenance: 'plugin', framing: 'chained', codec: 'zstd', lines: 5, bytes: block.bytes.length, chain: { epoch: 1, first_seq: 0, head: block.header.head } });
    // What the shipper compressed with zstd is stored as it came, all else is compressed here.
    expect(record?.sealed.equals(body)).toBe(encoding === 'zstd');
  });

  test('is taken again when it is repeated', async () => {
    await using gateway = await openTestGateway();
    const { bytes } = blockOf(await enrolledShipper(gateway), LINES);
    const [first, second] = [await send(gateway, bytes), await send(gateway, bytes)];
    expect(second).toEqual(first);
    expect(await gateway.records()).toHaveLength(2);
  });

  test('brings the checkpoint its shipper was given to whoever compares it, once it is stored; a forged one brings none', async () => {
    const echoes: string[] = [];
    await using gateway = await openTestGateway({ deps: { onEcho: (site, echo) => echoes.push(`${site} ${echo}`) } });
    const shipper = await enrolledShipper(gateway);
    const echo = `7:${Buffer.alloc(32, 7).toString('base64')}`;
    await send(gateway, blockOf(shipper, LINES).bytes);
    const { bytes } = blockOf(shipper, LINES, { seen_checkpoint: echo });
    await send(gateway, bytes);
    await expect(send(gateway, Buffer.from(bytes.toString('latin1').replace('"7:', '"8:'), 'latin1'))).rejects.toMatchObject({ code: 'TQ-GATEWAY-06' });
    expect(echoes).toEqual([`shop ${echo}`]);
  });

  test('keeps its lines that cannot become events, and says how many', async () => {
    await using gateway = await openTestGateway();
    const bad = ['', 'no json', '[]', Buffer.from([0xff, 0xfe]), 'a\0b', `{"a":"${'x'.repeat(MAX_LINE_BYTES)}"}`, `${'['.repeat(200)}`, '{"__proto__":{"a":1}}', '{"n":1e999999}'];
    const block = blockOf(await enrolledShipper(gateway), [eventLine(1), ...bad, eventLine(2)]);
    const { receipt } = await send(gateway, block.bytes);
    expect(receipt).toMatchObject({ lines: 11, dead_letters: 7 });
    expect((await gateway.records())[0]?.body).toEqual(block.bytes);
  });
});

describe('a wrong block stores nothing', () => {
  test.each([
    ['an empty body', () => Buffer.alloc(0), 'header_broken'],
    ['no header', () => Buffer.from('{"a":1}\n'), 'header_broken'],
    ['a header without end', () => Buffer.alloc(100_000, 0x20), 'header_broken'],
    ['a key nobody enrolled', () => blockOf(newShipper(), LINES).bytes, 'key_unknown'],
    ['another site', (s: TestShipper) => blockOf(s, LINES, { site: 'other' }).bytes, 'key_unknown'],
    ['the system site', (s: TestShipper) => blockOf(s, LINES, { site: '_system' }).bytes, 'header_broken'],
    ['a forged signature', (s: TestShipper) => blockOf({ ...newShipper(), key: s.key }, LINES).bytes, 'signature_wrong'],
    ['a changed header', (s: TestShipper) => Buffer.from(blockOf(s, LINES).bytes.toString().replace('"first_seq":0', '"first_seq":9')), 'signature_wrong'],
    ['a changed line', (s: TestShipper) => Buffer.from(blockOf(s, LINES).bytes.toString().replace('/p/3', '/p/4')), 'chain_head'],
    ['another previous head', (s: TestShipper) => blockOf(s, LINES, { previous_head: 'B'.repeat(43) }).bytes, 'chain_head'],
    ['too few lines', (s: TestShipper) => blockOf(s, LINES, { lines: 6 }).bytes, 'line_count'],
    ['too many lines', (s: TestShipper) => blockOf(s, LINES, { lines: 4 }).bytes, 'line_count'],
    ['a cut end', (s: TestShipper) => blockOf(s, LINES).bytes.subarray(0, -1), 'line_framing'],
    ['lines above the limit', (s: TestShipper) => blockOf(s, ['x'.repeat(1024 * 1024)]).bytes, 'decompressed_too_large'],
  ])('%s', async (_name, make, reason) => {
    await using gateway = await openTestGateway();
    const body = make(await enrolledShipper(gateway));
    await expect(send(gateway, body)).rejects.toMatchObject({ name: 'GatewayError', reason });
    expect(await gateway.records()).toEqual([]);
  });

  test('a line whose nonce is broken is named', async () => {
    await using gateway = await openTestGateway();
    const text = blockOf(await enrolledShipper(gateway), LINES).bytes.toString().split('\n');
    text[3] = `!${text[3]?.slice(1) ?? ''}`;
    await expect(send(gateway, Buffer.from(text.join('\n')))).rejects.toMatchObject({ reason: 'line_framing', line: 2 });
  });
});

describe('keys', () => {
  test('a successor is registered before its block is acknowledged, and retires the key before', async () => {
    await using gateway = await openTestGateway();
    const old = await enrolledShipper(gateway);
    const next = newShipper();
    await send(gateway, blockOf(old, LINES).bytes);
    const certificate = certificateOf(old, next.key);
    await send(gateway, blockOf(next, LINES, { first_seq: 5, certificate }).bytes);
    await send(gateway, blockOf(next, LINES, { first_seq: 5, certificate }).bytes);
    await send(gateway, blockOf(next, LINES, { first_seq: 10 }).bytes);
    await send(gateway, blockOf(old, LINES).bytes);
    await expect(send(gateway, blockOf(old, LINES, { first_seq: 5 }).bytes)).rejects.toMatchObject({ reason: 'key_retired' });
    const thief = newShipper();
    await expect(send(gateway, blockOf(thief, LINES, { first_seq: 5, certificate: certificateOf(old, thief.key) }).bytes)).rejects.toMatchObject({ reason: 'key_retired' });
    expect(await gateway.records()).toHaveLength(5);
  });

  test('a certificate that its key did not sign introduces nobody', async () => {
    await using gateway = await openTestGateway();
    const old = await enrolledShipper(gateway);
    const thief = newShipper();
    const certificate = certificateOf({ ...thief, key: old.key }, thief.key);
    await expect(send(gateway, blockOf(thief, LINES, { certificate }).bytes)).rejects.toMatchObject({ reason: 'certificate' });
    await expect(send(gateway, blockOf(thief, LINES).bytes)).rejects.toMatchObject({ reason: 'key_unknown' });
  });

  test('after a rotation the key from before is refused until it enrols again', async () => {
    await using gateway = await openTestGateway();
    const shipper = await enrolledShipper(gateway);
    const { enrolmentSecret } = await rotateSite(gateway.log.registry, SITE, () => NOW_MS);
    await gateway.sites.refresh();
    await expect(send(gateway, blockOf(shipper, LINES).bytes)).rejects.toMatchObject({ reason: 'key_retired' });
    await gateway.sites.enrol(SITE, enrolmentSecret, shipper.key, NOW_MS);
    await send(gateway, blockOf(shipper, LINES).bytes);
    expect(await gateway.records()).toHaveLength(1);
  });
});

describe('under pressure', () => {
  test('no receipt leaves while the log has not confirmed, whether the block was persisted or not', async () => {
    for (const failing of ['before', 'after'] as const) {
      await using gateway = await openTestGateway({
        gate: async (what, effect) => {
          if (what !== 'append') return effect();
          if (failing === 'after') effect();
          throw new LogError('TQ-LOG-01');
        },
      });
      const { bytes } = blockOf(await enrolledShipper(gateway), LINES);
      await expect(send(gateway, bytes)).rejects.toMatchObject({ retryable: true });
      expect(await gateway.records()).toHaveLength(failing === 'before' ? 0 : 1);
      expect(gateway.context.writer.recentFault()).toBeInstanceOf(LogError);
    }
  });

  test('a site above its rate waits, and no longer than its debt', async () => {
    let nowMs = NOW_MS;
    await using gateway = await openTestGateway({ config: { site_events_per_second: 5, burst_seconds: 1 }, deps: { clock: () => nowMs } });
    const { bytes } = blockOf(await enrolledShipper(gateway), [...LINES, ...LINES, ...LINES]);
    await send(gateway, bytes);
    await expect(send(gateway, bytes)).rejects.toMatchObject({ reason: 'rate_limit', retryAfterSeconds: 2 });
    nowMs += 2_001;
    await send(gateway, bytes);
    nowMs -= 60_000;
    await expect(send(gateway, bytes)).rejects.toMatchObject({ reason: 'rate_limit' });
  });

  test('a log that never answers is given up after the timeout and stays counted as in flight', async () => {
    await using gateway = await openTestGateway({ config: { append_timeout_ms: 5, max_in_flight_appends: 1 }, deps: { seal: () => new Promise(() => undefined) } });
    const { bytes } = blockOf(await enrolledShipper(gateway), LINES);
    await expect(send(gateway, bytes)).rejects.toMatchObject({ reason: 'log_unavailable', retryAfterSeconds: 5 });
    await expect(send(gateway, bytes)).rejects.toMatchObject({ reason: 'busy' });
    expect(gateway.context.admission.appends).toBe(1);
  });
});
