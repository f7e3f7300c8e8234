import type { SyslogConfig } from '../ingest/syslog/config.ts';
import { openSyslogListener } from '../ingest/syslog/listener.ts';
import type { SyslogListener } from '../ingest/syslog/listener.ts';
import type { SyslogSink } from '../ingest/syslog/sink.ts';
import { ConfigError, readSecret } from './config/read.ts';

/** The listener of `gateway.syslog`; undefined while that is off. Throws `ConfigError` without a certificate and its key. */
export async function openSyslog(config: SyslogConfig, sink: SyslogSink): Promise<SyslogListener | undefined> {
  if (!config.enabled) return undefined;
  const certificate = readSecret(config.certificate);
  const key = readSecret(config.key);
  if (certificate === undefined || key === undefined) throw new ConfigError(['gateway.syslog: certificate and key must name PEM files, as in "file:/etc/tourniquet/syslog.pem"']);
  return openSyslogListener(sink, { host: config.host, port: config.port, certificate, key, clientCa: readSecret(config.client_ca), maxConnections: config.max_connections, idleMs: 1000 * config.idle_seconds });
}
