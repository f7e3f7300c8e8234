import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { MAX_BLOCK_BYTES, MAX_LINE_BYTES } from '../../contracts/limits.ts';
import { acceptLines, MAX_PLAIN_BYTES } from './accept-lines.ts';
import { LogError } from '../log/errors.ts';
import { eventLine, openTestGateway, rawRequest, SITE } from './test-gateway.ts';
import type { TestGateway } from './test-gateway.ts';

function send(gateway: TestGateway, body: Buffer | string, query: Readonly<Record<string, string>> = {}, encoding?: string) {
  return acceptLines(gateway.context, rawRequest({ body: Buffer.from(body), query, encoding, authorization: `Bearer ${gateway.secrets.ingestKey}` }));
}

describe('credentials', () => {
  test.each([
    [undefined, 'credentials_missing'],
    ['', 'credentials_missing'],
    ['Basic abc', 'credentials_missing'],
    ['Bearer', 'credentials_missing'],
    ['Bearer short', 'credentials_wrong'],
    [`Bearer ${'A'.repeat(43)}`, 'credentials_wrong'],
    [`Bearer ${'A'.repeat(100_000)}`, 'credentials_wrong'],
  ])('%s is refused', async (authorization, reason) => {
    await using gateway = await openTestGateway();
    await expect(acceptLines(gateway.context, rawRequest({ body: Buffer.from('{}'), authorization }))).rejects.toMatchObject({ reason, status: 401 });
  });

  test('an ingest key opens its own site only', async () => {
    await using gateway = await openTestGateway();
    for (const site of ['other', '_system', '']) await expect(send(gateway, '{}', { site })).rejects.toMatchObject({ reason: 'other_site', status: 403 });
    expect(await send(gateway, '{}', { site: SITE })).toEqual({ accepted: 1, dead_letters: 0, lines: 1 });
  });
});

describe('lines', () => {
  test('are stored as they came, one bad one does not sink the rest', async () => {
    await using gateway = await openTestGateway();
    const body = Buffer.concat([Buffer.from(`${eventLine(1)}\r\nnot json\n\n`), Buffer.from([0xff, 0x0a]), Buffer.from(`a\0b\n${eventLine(2)}`)]);
    expect(await send(gateway, body, { stream: 'app' })).toEqual({ accepted: 2, dead_letters: 4, lines: 6 });
    const [record] = await gateway.records();
    expect(record?.head).toMatchObject({ site: SITE, stream: 'app', provenance: 'gateway', framing: 'plain', lines: 6 });
    expect(record?.head.chain).toBeUndefined();
    expect(record?.body).toEqual(Buffer.concat([Buffer.from(`${eventLine(1)}\nnot json\n\n`), Buffer.from([0xff, 0x0a]), Buffer.from(`a\0b\n${eventLine(2)}\n`)]));
  });

  test('go into blocks of at most a thousand, none lost or moved', async () => {
    await using gateway = await openTestGateway();
    const lines = Array.from({ length: 2_345 }, (_, i) => eventLine(i));
    expect(await send(gateway, gzipSync(lines.join('\n')), {}, 'gzip')).toEqual({ accepted: 2_345, dead_letters: 0, lines: 2_345 });
    const records = await gateway.records();
    expect(records.map((r) => r.head.lines)).toEqual([1000, 1000, 345]);
    expect(records.map((r) => r.body.toString()).join('')).toBe(`${lines.join('\n')}\n`);
  });

  test('of a size that fills blocks stay within the limit of a block', async () => {
    await using gateway = await openTestGateway();
    const line = JSON.stringify({ message: 'x'.repeat(40_000) });
    expect(await send(gateway, gzipSync(Array.from({ length: 100 }, () => line).join('\n')), {}, 'gzip')).toEqual({ accepted: 100, dead_letters: 0, lines: 100 });
    for (const record of await gateway.records()) expect(record.body.length).toBeLessThanOrEqual(MAX_BLOCK_BYTES);
  });

  test('too long for any block leave their start in the dead letters', async () => {
    await using gateway = await openTestGateway();
    const body = gzipSync(`${eventLine(1)}\n${JSON.stringify({ message: 'x'.repeat(3_000_000) })}\n${eventLine(2)}\n`);
    expect(await send(gateway, body, {}, 'gzip')).toEqual({ accepted: 2, dead_letters: 1, lines: 3 });
    const [record] = await gateway.records();
    expect(record?.head.rejects).toEqual([[1, 'too_long']]);
    expect(record?.body.toString().split('\n')[1]).toHaveLength(MAX_LINE_BYTES + 1);
  });

  test('of ten megabytes are refused as too large', async () => {
    await using gateway = await openTestGateway();
    await expect(send(gateway, gzipSync(Buffer.alloc(MAX_PLAIN_BYTES + 1, 0x61)), {}, 'gzip')).rejects.toMatchObject({ status: 413 });
  });

  test('that are none are refused, and so are wrong parameters', async () => {
    await using gateway = await openTestGateway();
    await expect(send(gateway, '')).rejects.toMatchObject({ reason: 'no_lines', status: 422 });
    for (const query of [{ format: 'auto' }, { format: '__proto__' }, { stream: '../x' }, { stream: '_system' }]) await expect(send(gateway, '{}', query)).rejects.toMatchObject({ reason: 'parameters' });
    expect(await gateway.records()).toEqual([]);
  });

  test('of access logs become events, those the parser refuses stay raw and are listed', async () => {
    await using gateway = await openTestGateway();
    const access = '192.0.2.7 - - [21/Nov/2026:12:00:00 +0000] "GET /shop?a=1 HTTP/1.1" 200 512 "-" "curl/8"';
    const answer = await send(gateway, Buffer.concat([Buffer.from(`${access}\nrubbish\n`), Buffer.from([0xff, 0xfe, 0x0a]), Buffer.from(`${access}\n`)]), { format: 'combined' });
    expect(answer).toEqual({ accepted: 2, dead_letters: 2, lines: 4 });
    const [record] = await gateway.records();
    expect(record?.head.rejects?.map(([line]) => line)).toEqual([1, 2]);
    expect(record?.head.rejects?.[1]).toEqual([2, 'not_utf8']);
    const lines = record?.body.toString('latin1').split('\n') ?? [];
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ source: { ip: '192.0.2.7' }, http: { response: { status_code: 200 } } });
    expect([lines[1], lines[2]]).toEqual(['rubbish', '\xff\xfe']);
  });

  test('of a log whose times have no zone are of the zone that is named', async () => {
    await using gateway = await openTestGateway();
    const line = '20261121 10:11:12,db1,shop,192.0.2.7,4,0,CONNECT,,,0';
    for (const zone of ['Europe/Berlin', '-05:00']) await send(gateway, line, { format: 'mariadb-audit', zone });
    await send(gateway, line, { format: 'mariadb-audit' });
    expect((await gateway.records()).map((record) => /"@timestamp":"([^"]+)"/.exec(record.body.toString())?.[1])).toEqual(['2026-11-21T10:11:12.000+01:00', '2026-11-21T10:11:12.000-05:00', '2026-11-21T10:11:12.000Z']);
    await expect(send(gateway, line, { format: 'mariadb-audit', zone: 'Mars/Olympus' })).rejects.toMatchObject({ reason: 'parameters' });
  });

  test('of a PHP log that belong together become one event', async () => {
    await using gateway = await openTestGateway();
    const log = '[21-Nov-2026 10:11:12 UTC] PHP Fatal error:  Uncaught Exception: x in /a.php:3\nStack trace:\n#0 {main}\n  thrown in /a.php on line 3\n[21-Nov-2026 10:11:13 UTC] PHP Notice:  y in /b.php on line 4\n';
    expect(await send(gateway, log, { format: 'php-error' })).toEqual({ accepted: 2, dead_letters: 0, lines: 5 });
  });
});

test('when the log fails in the middle the answer is an error, so that the client sends again', async () => {
  let appends = 0;
  await using gateway = await openTestGateway({
    gate: async (what, effect) => {
      if (what === 'append' && ++appends === 2) throw new LogError('TQ-LOG-02');
      return effect();
    },
  });
  await expect(send(gateway, Array.from({ length: 1_500 }, (_, i) => eventLine(i)).join('\n'))).rejects.toMatchObject({ retryable: true });
});
