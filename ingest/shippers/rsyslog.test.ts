import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createSyslogSink } from '../gateway/syslog-sink.ts';
import { openTestGateway } from '../gateway/test-gateway.ts';
import type { TestGateway } from '../gateway/test-gateway.ts';
import { openSyslogListener } from '../syslog/listener.ts';
import type { SyslogListener } from '../syslog/listener.ts';
import { makeCertificates } from '../syslog/test-certificates.ts';
import type { TestCertificates } from '../syslog/test-certificates.ts';
import { LOG_SOURCES } from './sources.ts';

const RSYSLOGD = '/usr/sbin/rsyslogd';
// Package rsyslog-openssl, wherever the system keeps its libraries.
const hasDriver = existsSync(RSYSLOGD) && ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/lib64', '/usr/lib'].some((lib) => existsSync(`${lib}/rsyslog/lmnsd_ossl.so`));

let folder: string;
let certificates: TestCertificates;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'tourniquet-rsyslog-'));
  certificates = makeCertificates();
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  certificates[Symbol.dispose]();
});

/** The shipped configuration with its paths below the folder and our listener as its target; nothing else is changed. */
function configurationFor(port: number): string {
  const shipped = readFileSync(new URL('rsyslog.conf', import.meta.url), 'utf8');
  const config = shipped
    .replaceAll(/ File="\/([^"]+)"/g, (_, file: string) => ` File="${path.join(folder, file)}"`)
    .replaceAll('target="logs.example" port="6514"', `target="127.0.0.1" port="${port}"`)
    .replaceAll('StreamDriverPermittedPeers="logs.example"', 'StreamDriverPermittedPeers="server.example"')
    .replace('/etc/tourniquet/ca.pem', certificates.ca)
    .replaceAll('action.resumeInterval="5"', 'action.resumeInterval="1"')
    .replace('mode="inotify"', 'mode="polling" PollingInterval="1"');
  const file = path.join(folder, 'rsyslog.conf');
  // What a system's own rsyslog.conf says before it includes others.
  writeFileSync(file, `global(workDirectory="${folder}")\n${config}`);
  return file;
}

function writeLogs(text: (sample: string) => string): void {
  for (const { paths, sample } of LOG_SOURCES) {
    // One file a format, so that each sample is stored once.
    const file = path.join(folder, paths[0] ?? '');
    mkdirSync(path.dirname(file), { recursive: true });
    appendFileSync(file, text(sample));
  }
}

function startRsyslog(config: string, key: string): ChildProcess {
  return spawn(RSYSLOGD, ['-n', '-f', config, '-iNONE'], { env: { ...process.env, TOURNIQUET_KEY: key }, stdio: 'ignore' });
}

async function stop(rsyslog: ChildProcess): Promise<void> {
  if (rsyslog.exitCode !== null) return;
  const ended = once(rsyslog, 'exit');
  // Asked to end, it waits for a target that may not be there.
  rsyslog.kill('SIGKILL');
  await ended;
}

function listen(gateway: TestGateway, port: number): Promise<SyslogListener> {
  return openSyslogListener(createSyslogSink(gateway.context), {
    host: '127.0.0.1', port, certificate: certificates.read(certificates.server.certificate), key: certificates.read(certificates.server.key), maxConnections: 10, idleMs: 60_000, limits: { lingerMs: 10 },
  });
}

async function storedIn(gateway: TestGateway): Promise<readonly { readonly stream: string; readonly event: unknown }[]> {
  return (await gateway.records()).flatMap(({ head, body }) => body.toString().trimEnd().split('\n').map((line) => ({ stream: head.stream, event: JSON.parse(line) as unknown })));
}

test.skipIf(!hasDriver)('rsyslog takes the shipped configuration without a complaint', () => { // rsyslog and its TLS driver may be absent on a user's machine; in CI a skip fails.
  expect(() => execFileSync(RSYSLOGD, ['-N1', '-f', configurationFor(6514)], { stdio: 'pipe' })).not.toThrow();
});

test.skipIf(!hasDriver)('rsyslog reads every log and the listener stores its event, also after the gateway was away', async () => { // rsyslog and its TLS driver may be absent on a user's machine; in CI a skip fails.
  await using gateway = await openTestGateway();
  const first = await listen(gateway, 0);
  const { port } = first;
  // Entries that may go on end with the next time, as in a living log.
  writeLogs((sample) => `${sample}\n`);
  const rsyslog = startRsyslog(configurationFor(port), gateway.secrets.ingestKey);
  try {
    await expect.poll(async () => new Set((await storedIn(gateway)).map(({ stream }) => stream)).size, { interval: 200 }).toBe(LOG_SOURCES.length);
    for (const { format, event } of LOG_SOURCES) {
      const stored = (await storedIn(gateway)).filter(({ stream }) => stream === format);
      expect(stored.map((one) => one.event), format).toEqual([expect.objectContaining({})]);
      expect(stored[0]?.event, format).toMatchObject(event);
    }
    expect((await gateway.records()).flatMap(({ head }) => head.rejects ?? [])).toEqual([]);
    await first.close();
    const before = (await gateway.records()).length;
    await using second = await listen(gateway, port);
    expect(second.port).toBe(port);
    // What is written into the broken connection is lost without a word; what is written later is not.
    await vi.waitFor(async () => {
      writeLogs((sample) => `${sample}\n`);
      expect(new Set((await gateway.records()).slice(before).map(({ head }) => head.stream)).size).toBe(LOG_SOURCES.length);
    }, { timeout: 200_000, interval: 1_000 });
  } finally {
    await stop(rsyslog);
  }
});

test.skipIf(!hasDriver)('rsyslog sends nothing to a listener whose certificate has another name', async () => { // rsyslog and its TLS driver may be absent on a user's machine; in CI a skip fails.
  await using gateway = await openTestGateway();
  await using listener = await listen(gateway, 0);
  writeLogs((sample) => `${sample}\n`);
  const config = configurationFor(listener.port);
  writeFileSync(config, readFileSync(config, 'utf8').replaceAll('"server.example"', '"other.example"'));
  const rsyslog = startRsyslog(config, gateway.secrets.ingestKey);
  try {
    await expect.poll(() => gateway.context.metrics.text({}), { interval: 100 }).toMatch(/syslog_connections \d|syslog_refused_total\{/);
    expect(await gateway.records()).toEqual([]);
  } finally {
    await stop(rsyslog);
  }
});
