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

test('syslog listens with the files that the configuration names', async () => {
  using certificates = makeCertificates();
  await using listener = await openSyslog(configOf({ enabled: true, certificate: `file:${certificates.server.certificate}`, key: `file:${certificates.server.key}`, client_ca: `file:${certificates.ca}` }), SINK);
  expect(listener?.port).toBeGreaterThan(0);
});
