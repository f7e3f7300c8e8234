import { randomBytes } from 'node:crypto';
import { appendFile, copyFile, mkdtemp, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { formatEnrolment } from '../../contracts/site.ts';
import type { Step } from './block-sender.ts';
import { startFakeGateway } from './fake-gateway.ts';
import type { FakeGateway, Fault } from './fake-gateway.ts';
import type { Clock } from './gateway-client.ts';
import { openShipper } from './shipper.ts';
import type { Shipper, ShipperOptions } from './shipper.ts';

let directory: string;
let gateway: FakeGateway;
let enrolment: string;
let slept: number[];
let nowMs: number;

/** Time passes only by sleeping. */
const clock: Clock = {
  now: () => nowMs,
  sleep: async (ms) => {
    slept.push(ms);
    nowMs += ms;
  },
};

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tq-shipper-'));
  const secret = randomBytes(32).toString('base64url');
  gateway = await startFakeGateway(secret);
  enrolment = formatEnrolment('shop', secret, gateway.url);
  slept = [];
  nowMs = 1_795_000_000_000;
});

afterEach(async () => {
  await gateway[Symbol.asyncDispose]();
  await rm(directory, { recursive: true, force: true });
});

async function open(more: Partial<ShipperOptions> = {}): Promise<Shipper> {
  return await openShipper({ directory: join(directory, 'state'), site: 'shop', stream: 'web', enrolment, clock, deadlineMs: 60_000, ...more });
}

function events(from: number, to: number): string {
  let text = '';
  for (let i = from; i < to; i++) text += `{"n":${i},"pad":"${'x'.repeat(i % 50)}"}\n`;
  return text;
}

function linesOf(text: string): readonly string[] {
  return text.split('\n').slice(0, -1);
}

async function logFile(text: string, name = 'app.ndjson'): Promise<string> {
  const path = join(directory, name);
  await writeFile(path, text);
  return path;
}

describe('a file', () => {
  it('arrives line by line, once, and sending it again sends nothing', async () => {
    const text = events(0, 2500);
    const path = await logFile(text);
    await using shipper = await open();
    const first = await shipper.sendFile(path, { format: 'ndjson' });
    expect(first).toMatchObject({ lines: 2500, events: 2500, deadLetters: 0, blocks: 3, bytes: text.length, totalBytes: text.length, skippedBytes: 0 });
    const again = await shipper.sendFile(path, { format: 'ndjson' });
    expect(again).toMatchObject({ lines: 0, blocks: 0, totalBytes: 0, alreadySentBytes: text.length });
    expect(gateway.lines()).toEqual(linesOf(text));
    expect(gateway.requests()).toBe(3);
  });

  it('that grew sends only what is new, also from a new process', async () => {
    const path = await logFile(events(0, 10));
    await using first = await open();
    await first.sendFile(path, { format: 'ndjson' });
    await first[Symbol.asyncDispose]();
    await appendFile(path, events(10, 15));
    await using second = await open();
    expect(await second.sendFile(path, { format: 'ndjson' })).toMatchObject({ lines: 5, blocks: 1 });
    expect(gateway.lines()).toEqual(linesOf(events(0, 15)));
  });

  it('keeps its last line until the line feed is there, unless told that it is final', async () => {
    const path = await logFile('{"a":1}\n{"b":');
    await using shipper = await open();
    expect(await shipper.sendFile(path, { format: 'ndjson' })).toMatchObject({ lines: 1 });
    await appendFile(path, '2}\n{"c":3}');
    expect(await shipper.sendFile(path, { format: 'ndjson' })).toMatchObject({ lines: 1 });
    expect(await shipper.sendFile(path, { format: 'ndjson', final: true })).toMatchObject({ lines: 1 });
    expect(gateway.lines()).toEqual(['{"a":1}', '{"b":2}', '{"c":3}']);
  });

  it('rotated by rename goes on under its new name, and its successor starts at 0', async () => {
    const path = await logFile(events(0, 10));
    await using shipper = await open();
    await shipper.sendFile(path, { format: 'ndjson' });
    await appendFile(path, events(10, 12));
    await rename(path, `${path}.1`);
    await writeFile(path, events(50, 53));
    expect(await shipper.sendFile(`${path}.1`, { format: 'ndjson' })).toMatchObject({ lines: 2 });
    expect(await shipper.sendFile(path, { format: 'ndjson' })).toMatchObject({ lines: 3, alreadySentBytes: 0 });
    expect(gateway.lines()).toEqual(linesOf(events(0, 12) + events(50, 53)));
  });

  it('rotated by copy and truncate is known in both places', async () => {
    const path = await logFile(events(0, 100));
    await using shipper = await open();
    await shipper.sendFile(path, { format: 'ndjson' });
    await appendFile(path, events(100, 103));
    await copyFile(path, `${path}.1`);
    await truncate(path);
    await appendFile(path, events(200, 400));
    expect(await shipper.sendFile(`${path}.1`, { format: 'ndjson' })).toMatchObject({ lines: 3 });
    expect(await shipper.sendFile(path, { format: 'ndjson' })).toMatchObject({ lines: 200, alreadySentBytes: 0 });
    expect(gateway.lines()).toEqual(linesOf(events(0, 103) + events(200, 400)));
  });
});

describe('a stream', () => {
  it('is parsed, its refused lines go out as they came, and its last line needs no line feed', async () => {
    async function* chunks(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('203.0.113.9 - - [21/Nov/2026:10:11:12 +0000] "GET / HTTP/1.1" 200 5 "-" "a"\r\nnot a');
      yield Buffer.from('n access line \xff\n203.0.113.9 - - [21/Nov/2026:10:11:13 +0000] "GET /b HTTP/1.1" 200 5 "-" "a"', 'latin1');
    }
    await using shipper = await open();
    const result = await shipper.sendFile(chunks(), { format: 'auto' });
    expect(result).toMatchObject({ lines: 3, events: 2, deadLetters: 1, totalBytes: undefined });
    expect(gateway.lines()[1]).toBe('not an access line \xff');
    expect(JSON.parse(gateway.lines()[2] ?? '')).toMatchObject({ '@timestamp': '2026-11-21T10:11:13.000+00:00', url: { path: '/b' } });
  });

  it('with a line longer than a block gets a marker in its place, counted', async () => {
    async function* chunks(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('{"a":1}\n');
      for (let i = 0; i < 40; i++) yield Buffer.alloc(65_536, 0x61);
      yield Buffer.from('\n{"b":2}\n');
    }
    await using shipper = await open();
    expect(await shipper.sendFile(chunks(), { format: 'ndjson' })).toMatchObject({ lines: 3, events: 2, deadLetters: 1, skippedBytes: 40 * 65_536 + 1 });
    expect(gateway.lines()).toEqual(['{"a":1}', `tourniquet: a line of ${40 * 65_536 + 1} bytes was left out`, '{"b":2}']);
  });

  it('of a multi-line log counts source lines and events apart', async () => {
    const stamp = '[21-Nov-2026 10:11:12 UTC]';
    await using shipper = await open();
    const path = await logFile(`${stamp} PHP Fatal error:  Uncaught Error: x in /srv/a.php:3\nStack trace:\n#0 {main}\n  thrown in /srv/a.php on line 3\n${stamp} hello\n`, 'debug.log');
    expect(await shipper.sendFile(path, { format: 'php-error' })).toMatchObject({ lines: 5, events: 2, blocks: 1 });
    expect(await shipper.sendFile(path, { format: 'php-error' })).toMatchObject({ lines: 0 });
  });

  it('a table with a header, a row of two lines and one that is none is finished to its last line', async () => {
    await using shipper = await open();
    const path = await logFile('id,ctime,IP,action,actionDescription\n1,yesterday,,,\n2,1795255872,,blocked:waf,"one\ntwo"\n3,1795255873,,,\n', 'wordfence.csv');
    expect(await shipper.sendFile(path, { format: 'wordfence', zone: 'Europe/Berlin' })).toMatchObject({ lines: 5, events: 2, deadLetters: 1, blocks: 1 });
    expect(await shipper.sendFile(path, { format: 'wordfence' })).toMatchObject({ lines: 0, blocks: 0 });
  });
});

describe('faults', () => {
  const scripts: readonly (readonly Fault[])[] = [
    ['drop-before'], ['drop-after'], ['ok', 'drop-after', 'drop-before', 'ok'], ['busy', 'limited', 'busy'], ['broken', 'ok', 'broken', 'drop-after', 'busy'],
  ];
  it.each(scripts.map((script) => [script.join(' '), script] as const))('%s: every line is stored once, in order', async (_, script) => {
    const text = events(0, 3300);
    gateway.faults.push(...script);
    await using shipper = await open();
    const result = await shipper.sendFile(await logFile(text), { format: 'ndjson' });
    expect(result).toMatchObject({ lines: 3300, blocks: 4, resentBlocks: 0 });
    expect(gateway.lines()).toEqual(linesOf(text));
  });

  it('waits as long as the gateway asks, past the deadline for a dead one', async () => {
    gateway.faults.push(...Array.from({ length: 80 }, (): Fault => 'limited'));
    await using shipper = await open();
    await shipper.sendFile(await logFile(events(0, 1)), { format: 'ndjson' });
    expect(slept).toHaveLength(80);
    expect(slept.every((ms) => ms >= 2000 && ms <= 2500)).toBe(true);
  });

  it('gives up on a dead gateway at the deadline and sends the same bytes next time', async () => {
    const path = await logFile(events(0, 5));
    gateway.faults.push(...Array.from({ length: 100 }, (): Fault => 'drop-before'));
    await using shipper = await open();
    await expect(shipper.sendFile(path, { format: 'ndjson' })).rejects.toMatchObject({ code: 'TQ-SHIPPER-06', retryable: true });
    gateway.faults.length = 0;
    expect(await shipper.sendFile(path, { format: 'ndjson' })).toMatchObject({ lines: 0, events: 5, resentBlocks: 1, blocks: 1 });
    expect(new Set(gateway.bodies.map((body) => body.toString('hex'))).size).toBe(1);
    expect(gateway.lines()).toEqual(linesOf(events(0, 5)));
  });

  it('stops with the reason when the gateway refuses, without passing on control characters', async () => {
    gateway.faults.push('refused');
    await using shipper = await open();
    const failure = shipper.sendFile(await logFile(events(0, 5)), { format: 'ndjson' });
    await expect(failure).rejects.toMatchObject({ code: 'TQ-SHIPPER-05', status: 403, message: expect.stringContaining('TQ-GATEWAY-05 The signing key was replaced.?[2J') });
    expect(gateway.requests()).toBe(1);
  });

  it.each(['forged', 'other-block'] as const)('does not believe a receipt that is %s and keeps the block', async (fault) => {
    const path = await logFile(events(0, 5));
    gateway.faults.push(fault);
    await using shipper = await open();
    await expect(shipper.sendFile(path, { format: 'ndjson' })).rejects.toMatchObject({ code: 'TQ-SHIPPER-07' });
    expect(await shipper.sendFile(path, { format: 'ndjson' })).toMatchObject({ resentBlocks: 1 });
    expect(gateway.lines()).toEqual(linesOf(events(0, 5)));
  });
});

describe('a crash', () => {
  const steps: readonly Step[] = ['built', 'journalled', 'sent', 'acknowledged', 'settled'];
  const cases = steps.flatMap((step) => (step === 'settled' ? [1] : [1, 2, 3]).map((nth) => [step, nth] as const));
  it.each(cases)('after "%s", the %d. time, loses and doubles nothing', async (step, nth) => {
    const text = events(0, 3300);
    const path = await logFile(text);
    let seen = 0;
    const crashing = await open({
      onStep: (now) => {
        if (now === step && ++seen === nth) throw new Error('crash');
      },
    });
    await expect(crashing.sendFile(path, { format: 'ndjson' })).rejects.toThrow('crash');
    await crashing[Symbol.asyncDispose]();
    const partly = gateway.lines();
    expect(linesOf(text).slice(0, partly.length)).toEqual(partly);
    await using shipper = await open();
    await shipper.sendFile(path, { format: 'ndjson' });
    expect(gateway.lines()).toEqual(linesOf(text));
    expect(await shipper.sendFile(path, { format: 'ndjson' })).toMatchObject({ lines: 0, blocks: 0 });
  });
});

describe('state', () => {
  it('is locked: a second sender on it is refused until the first ends', async () => {
    const first = await open();
    await expect(open()).rejects.toMatchObject({ code: 'TQ-SHIPPER-01' });
    await using other = await open({ stream: 'php' });
    expect(other).toBeDefined();
    await first[Symbol.asyncDispose]();
    await using second = await open();
    expect(second).toBeDefined();
  });

  it('can be read by its owner only and holds no enrolment secret', async () => {
    await using shipper = await open();
    await shipper.sendFile(await logFile(events(0, 1)), { format: 'ndjson' });
    const path = join(directory, 'state', 'shop', 'identity.json');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readFile(path, 'utf8')).not.toContain(enrolment.split('.')[2]);
  });

  it('needs an enrolment line once; later ones for another site are refused', async () => {
    await expect(open({ enrolment: formatEnrolment('other', 'A'.repeat(43), gateway.url) })).rejects.toMatchObject({ code: 'TQ-SHIPPER-03' });
    const { enrolment: _, ...rest } = { enrolment, directory: join(directory, 'state'), site: 'shop', stream: 'web', clock, gatewayUrl: gateway.url };
    const bare = await openShipper(rest);
    await expect(bare.sendFile(await logFile(events(0, 1)), { format: 'ndjson' })).rejects.toMatchObject({ code: 'TQ-SHIPPER-02' });
    await bare[Symbol.asyncDispose]();
    const enrolled = await open();
    await enrolled.sendFile(await logFile(events(0, 1)), { format: 'ndjson' });
    await enrolled[Symbol.asyncDispose]();
    await using again = await openShipper(rest);
    expect(await again.sendFile(await logFile(events(0, 2)), { format: 'ndjson' })).toMatchObject({ lines: 1 });
  });

  it('that is damaged is refused with its name', async () => {
    await (await open())[Symbol.asyncDispose]();
    await writeFile(join(directory, 'state', 'shop', 'web', 'journal'), '{"v":1\n');
    await expect(open()).rejects.toMatchObject({ code: 'TQ-SHIPPER-04', message: expect.stringContaining('journal') });
  });
});
