import { expect, test } from 'vitest';
import { SYSLOG_SETTINGS } from '../ingest/syslog/config.ts';
import type { SyslogConfig } from '../ingest/syslog/config.ts';
import type { SyslogSink } from '../ingest/syslog/sink.ts';
import { makeCertificates } from '../ingest/syslog/test-certificates.ts';
import { openSyslog } from './syslog.ts';

const SINK: SyslogSink = { siteOfKey: async () => undefined, take: async () => undefined, refused: () => undefined, connections: () => undefined };

function configOf(over: Partial<SyslogConfig>): SyslogConfig {
  // Each leaf of the settings is a setting, so its default has the type its kind names.
  return { ...(Object.fromEntries(Object.entries(SYSLOG_SETTINGS).map(([key, setting]) => [key, setting.default])) as unknown as SyslogConfig), port: 0, ...over };
}

test('syslog is off by default, and on the own machine only', async () => {
  expect(await openSyslog(configOf({}), SINK)).toBeUndefined();
  expect(configOf({}).host).toBe('127.0.0.1');
});

test('syslog without a certificate and its key does not start, and says which setting is missing', async () => {
  await expect(openSyslog(configOf({ enabled: true }), SINK)).rejects.toThrow('gateway.syslog: certificate and key must name PEM files');
});

test('syslog with a certificate that is none, of another key, or of clients that is missing or empty does not start', async () => {
  using certificates = makeCertificates();
  const { server, client, ca } = certificates;
  const right = { enabled: true, certificate: `file:${server.certificate}`, key: `file:${server.key}` };
  for (const over of [{ certificate: `file:${server.key}` }, { key: `file:${client.key}` }, { certificate: 'file:/dev/null', client_ca: 'file:/dev/null' }]) {
    await expect(openSyslog(configOf({ ...right, ...over }), SINK)).rejects.toMatchObject({ name: 'ConfigError', message: expect.stringContaining('certificate and key must be PEM') });
  }
  for (const clients of ['env:TOURNIQUET_TEST_NO_SUCH_CA', 'file:/dev/null', `file:${server.key}`, ca]) {
    await expect(openSyslog(configOf({ ...right, client_ca: clients }), SINK)).rejects.toMatchObject({ name: 'ConfigError', message: expect.stringContaining('client_ca must name') });
  }
});

test('syslog listens with the files that the configuration names', async () => {
  using certificates = makeCertificates();
  await using listener = await openSyslog(configOf({ enabled: true, certificate: `file:${certificates.server.certificate}`, key: `file:${certificates.server.key}`, client_ca: `file:${certificates.ca}` }), SINK);
  expect(listener?.port).toBeGreaterThan(0);
});
