import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { connect } from 'node:tls';
import type { TLSSocket } from 'node:tls';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seededRandom } from '../../contracts/seeded-random.ts';
import { openSyslogListener } from './listener.ts';
import type { SyslogListener, SyslogOptions } from './listener.ts';
import type { SyslogBatch, SyslogSink } from './sink.ts';
import { makeCertificates } from './test-certificates.ts';
import type { TestCertificates } from './test-certificates.ts';

let certificates: TestCertificates;
beforeAll(() => {
  certificates = makeCertificates();
});
afterAll(() => certificates[Symbol.dispose]());

/** A sink in memory: stores what it is given, while `block` does not make it wait or fail. */
interface TestSink extends SyslogSink {
  readonly batches: SyslogBatch[];
  readonly refusals: Map<string, number>;
  open: number;
  block: (batch: SyslogBatch) => Promise<void>;
}

function testSink(): TestSink {
  const sink: TestSink = {
    batches: [], refusals: new Map(), open: 0, block: () => Promise.resolve(),
    siteOfKey: async (key) => ({ 'shop-key': 'shop', 'clinic-key': 'clinic' })[key],
    async take(batch) {
      await sink.block(batch);
      sink.batches.push(batch);
    },
    refused: (reason, messages = 1) => void sink.refusals.set(reason, (sink.refusals.get(reason) ?? 0) + messages),
    connections: (open) => void (sink.open = open),
  };
  return sink;
}

const LIMITS = { lingerMs: 5, messageMs: 500, retryMs: 5, mostRetryMs: 20 };

function listen(sink: SyslogSink, over: Partial<SyslogOptions> = {}): Promise<SyslogListener> {
  return openSyslogListener(sink, {
    host: '127.0.0.1', port: 0, certificate: certificates.read(certificates.server.certificate), key: certificates.read(certificates.server.key), maxConnections: 20, idleMs: 10_000, limits: LIMITS, drainMs: 2_000, ...over,
  });
}

async function dial(listener: SyslogListener, over: { readonly cert?: string; readonly key?: string } = {}): Promise<TLSSocket> {
  const socket = connect({ host: '127.0.0.1', port: listener.port, ca: certificates.read(certificates.ca), ...over });
  socket.on('error', () => undefined).resume();
  await once(socket, 'secureConnect');
  return socket;
}

function messageOf(line: string, parameters = 'key="shop-key"'): string {
  const message = `<134>1 2026-11-21T10:11:12Z web1 test - - [tourniquet@32473 ${parameters}] ${line}`;
  return `${Buffer.byteLength(message)} ${message}`;
}

function linesOf(sink: TestSink): readonly string[] {
  return sink.batches.flatMap((batch) => batch.lines.map((line) => line.bytes.toString()));
}

/** However it ends. */
const closed = (socket: TLSSocket) => new Promise<void>((resolve) => (socket.closed ? resolve() : socket.once('close', () => resolve())));

describe('messages', () => {
  test('go to the site of their key, by stream, in order', async () => {
    const sink = testSink();
    await using listener = await listen(sink);
    const socket = await dial(listener);
    socket.write(messageOf('a', 'site="shop" key="shop-key" format="combined" stream="access"') + messageOf('b', 'key="clinic-key" format="php-fpm" zone="Europe/Berlin"') + messageOf('c', 'key="shop-key" format="combined" stream="access"'));
    socket.end();
    await closed(socket);
    await expect.poll(() => sink.batches).toHaveLength(2);
    expect(sink.batches.map(({ site, stream, lines }) => [site, stream, lines.map(({ bytes, format, zone }) => [bytes.toString(), format, zone])])).toEqual([
      ['shop', 'access', [['a', 'combined', 'UTC'], ['c', 'combined', 'UTC']]], ['clinic', 'syslog', [['b', 'php-fpm', 'Europe/Berlin']]],
    ]);
    expect(sink.refusals.size).toBe(0);
  });

  test('of which the site is known, but not the format or stream, are put aside there; too long ones by their start', async () => {
    const sink = testSink();
    await using listener = await listen(sink);
    const socket = await dial(listener);
    socket.end(messageOf('a', 'key="shop-key" format="auto"') + messageOf('b', 'key="shop-key" stream="../x"') + messageOf('c', 'key="shop-key" zone="Mars"') + messageOf('x'.repeat(100_000)) + messageOf('d'));
    await closed(socket);
    await expect.poll(() => linesOf(sink)).toHaveLength(5);
    expect(sink.batches.flatMap((batch) => batch.lines.map((line) => [batch.stream, line.reason]))).toEqual([['syslog', 'unknown_format'], ['syslog', 'unknown_format'], ['syslog', 'unknown_format'], ['syslog', 'too_long'], ['syslog', undefined]]);
  });

  test('without a key that holds are counted, and stored nowhere', async () => {
    const sink = testSink();
    await using listener = await listen(sink);
    const socket = await dial(listener);
    socket.end(messageOf('a', 'key="guess"') + messageOf('b', 'site="shop"') + messageOf('c', 'site="clinic" key="shop-key"') + '<134>Nov 21 10:11:12 web1 old: style\n' + messageOf('d'));
    await closed(socket);
    await expect.poll(() => linesOf(sink)).toEqual(['d']);
    expect(Object.fromEntries(sink.refusals)).toEqual({ wrong_key: 1, no_credentials: 1, other_site: 1, not_syslog: 1 });
  });
});

describe('a sender', () => {
  test('is slowed down while what it sent is not durable, and nothing is lost', async () => {
    const sink = testSink();
    const gate = Promise.withResolvers<void>();
    sink.block = () => gate.promise;
    await using listener = await listen(sink);
    const socket = await dial(listener);
    const count = 15_000;
    let sent = 0;
    const filler = 'x'.repeat(1_000);
    while (sent < count && socket.write(messageOf(`${sent}-${filler}`))) sent += 1;
    sent += 1;
    // 15 MB do not fit into any buffer on the way: the socket stays full.
    for (; sent < count; sent += 1) socket.write(messageOf(`${sent}-${filler}`));
    await sleep(200);
    expect(socket.writableLength).toBeGreaterThan(1_000_000);
    expect(sink.batches).toEqual([]);
    gate.resolve();
    socket.end();
    await closed(socket);
    await expect.poll(() => linesOf(sink), { interval: 100 }).toHaveLength(count);
    expect(linesOf(sink).every((line, i) => line.startsWith(`${i}-`))).toBe(true);
  });

  test('whose batch cannot be stored at once has it stored later, once the connection is gone too', async () => {
    const sink = testSink();
    let failures = 0;
    sink.block = async () => {
      if (++failures <= 5) throw Object.assign(new Error('busy'), { retryAfterSeconds: 0.01 });
    };
    await using listener = await listen(sink);
    const socket = await dial(listener);
    socket.write(messageOf('a'));
    await expect.poll(() => failures).toBeGreaterThan(0);
    socket.destroy();
    await expect.poll(() => linesOf(sink)).toEqual(['a']);
  });

  test('whose key cannot be looked up for a while waits, and loses nothing', async () => {
    const sink = testSink();
    const { siteOfKey } = sink;
    let failures = 0;
    sink.siteOfKey = async (key) => {
      if (++failures <= 3) throw new Error('the register does not answer');
      return siteOfKey(key);
    };
    await using listener = await listen(sink);
    const socket = await dial(listener);
    socket.end(messageOf('a') + messageOf('b'));
    await expect.poll(() => linesOf(sink)).toEqual(['a', 'b']);
    expect(sink.refusals.size).toBe(0);
  });

  test.each<readonly [string, string, string]>([
    ['that sends half a message and no more', messageOf('abc').slice(0, -1), 'too_slow'],
    ['that says nothing', '', 'too_slow'],
    ['that speaks HTTP', 'GET / HTTP/1.1\r\n\r\n', 'framing'],
    ['that guesses keys', Array.from({ length: 150 }, (_, i) => messageOf('a', `key="guess-${i}"`)).join(''), 'too_many'],
  ])('%s is cut off', async (_, bytes, reason) => {
    const sink = testSink();
    await using listener = await listen(sink);
    const socket = await dial(listener);
    socket.write(bytes);
    await closed(socket);
    await expect.poll(() => [...sink.refusals.keys()]).toContain(reason);
    await expect.poll(() => sink.open).toBe(0);
  });

  test('that drips a message is cut off, however steadily', async () => {
    const sink = testSink();
    await using listener = await listen(sink);
    const socket = await dial(listener);
    let isOver = false;
    void closed(socket).then(() => (isOver = true));
    for (const letter of messageOf('x'.repeat(2_000))) {
      if (isOver) break;
      socket.write(letter);
      await sleep(10);
    }
    expect(isOver).toBe(true);
    expect(sink.refusals.get('too_slow')).toBe(1);
  });

  test('that sends nothing but refused messages is cut off, however slowly they come', async () => {
    const sink = testSink();
    await using listener = await listen(sink);
    const socket = await dial(listener);
    const over = closed(socket).then(() => true);
    let sent = 0;
    // Each within the time for a message, and fewer than are refused in a row.
    for (let isOver = false; !isOver && sent < 90; sent++) {
      socket.write(messageOf('a', 'key="guess"'));
      isOver = await Promise.race([over, sleep(100, false)]);
    }
    expect(sent).toBeLessThan(90);
    await expect.poll(() => sink.refusals.get('too_slow')).toBe(1);
  });

  test('beyond the number of connections is turned away', async () => {
    const sink = testSink();
    await using listener = await listen(sink, { maxConnections: 1 });
    const first = await dial(listener);
    const second = connectTcp({ host: '127.0.0.1', port: listener.port });
    second.on('error', () => undefined).resume();
    await once(second, 'close');
    first.write(messageOf('a'));
    await expect.poll(() => linesOf(sink)).toEqual(['a']);
    first.destroy();
  });

  test('needs a certificate where that is asked for', async () => {
    const sink = testSink();
    await using listener = await listen(sink, { clientCa: certificates.read(certificates.ca) });
    const socket = connect({ host: '127.0.0.1', port: listener.port, ca: certificates.read(certificates.ca) });
    socket.on('error', () => undefined).resume();
    socket.write(messageOf('a'));
    await closed(socket);
    const known = await dial(listener, { cert: certificates.read(certificates.client.certificate), key: certificates.read(certificates.client.key) });
    known.end(messageOf('b'));
    await expect.poll(() => linesOf(sink)).toEqual(['b']);
  });
});

describe('at the end', () => {
  test('what was read is stored before close resolves', async () => {
    const sink = testSink();
    const gate = Promise.withResolvers<void>();
    sink.block = () => gate.promise;
    const listener = await listen(sink);
    const socket = await dial(listener);
    socket.write(messageOf('a') + messageOf('b'));
    await sleep(100);
    const closing = listener.close();
    await sleep(50);
    expect(sink.batches).toEqual([]);
    gate.resolve();
    await closing;
    expect(linesOf(sink)).toEqual(['a', 'b']);
    await closed(socket);
  });

  test('what cannot be stored in time is counted', async () => {
    const sink = testSink();
    sink.block = () => Promise.reject(new Error('down'));
    const listener = await listen(sink, { drainMs: 100 });
    const socket = await dial(listener);
    socket.write(messageOf('a') + messageOf('b'));
    await sleep(100);
    await listener.close();
    expect(sink.refusals.get('not_stored')).toBe(2);
    await closed(socket);
  });
});

test('mutated messages over several connections: each whole one ends in a batch or as a refusal, and the listener lives', async () => {
  const seed = Number(process.env['TOURNIQUET_SEED'] ?? Date.now() % 2 ** 31);
  process.stdout.write(`syslog listener fuzz: TOURNIQUET_SEED=${seed}\n`);
  const random = seededRandom(seed);
  const sink = testSink();
  await using listener = await listen(sink);
  for (let run = 0; run < 30; run++) {
    const socket = await dial(listener);
    const bytes = Buffer.from(Array.from({ length: 50 }, (_, i) => messageOf(`${run}-${i}`)).join(''));
    for (let edits = random.below(4); edits > 0; edits--) bytes[random.below(bytes.length)] = random.below(256);
    const before = sink.batches.length;
    socket.end(bytes);
    await closed(socket);
    await expect.poll(() => sink.open, { message: `seed ${seed}` }).toBe(0);
    const taken = sink.batches.slice(before).reduce((sum, batch) => sum + batch.lines.length, 0);
    expect(taken, `seed ${seed}`).toBeLessThanOrEqual(50);
  }
  const socket = await dial(listener);
  socket.end(messageOf('last'));
  await expect.poll(() => linesOf(sink).at(-1)).toBe('last');
});
