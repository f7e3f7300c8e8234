import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { SyslogConfig } from '../ingest/syslog/config.ts';
import { openSyslogListener } from '../ingest/syslog/listener.ts';
import type { SyslogListener } from '../ingest/syslog/listener.ts';
import type { SyslogSink } from '../ingest/syslog/sink.ts';
import { ConfigError, readSecret } from './config/read.ts';

/** The listener of `gateway.syslog`; undefined while that is off. Throws `ConfigError` without a certificate and its key, or with what is none. */
export async function openSyslog(config: SyslogConfig, sink: SyslogSink): Promise<SyslogListener | undefined> {
  if (!config.enabled) return undefined;
  const certificate = readSecret(config.certificate);
  const key = readSecret(config.key);
  if (certificate === undefined || key === undefined) throw new ConfigError(['gateway.syslog: certificate and key must name PEM files, as in "file:/etc/tourniquet/syslog.pem"']);
  const clientCa = config.client_ca === '' ? undefined : readSecret(config.client_ca) ?? '';
  const problems = [
    ...(holds(() => new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key))) ? [] : ['gateway.syslog: certificate and key must be PEM, and belong together']),
    // TLS would take an empty one for all authorities of the system.
    ...(clientCa === undefined || holds(() => new X509Certificate(clientCa).raw.length > 0) ? [] : ['gateway.syslog: client_ca must name a PEM file that begins with a certificate']),
  ];
  if (problems.length > 0) throw new ConfigError(problems);
  return openSyslogListener(sink, { host: config.host, port: config.port, certificate, key, clientCa, maxConnections: config.max_connections, idleMs: 1000 * config.idle_seconds });
}

function holds(question: () => boolean): boolean {
  try {
    return question();
  } catch {
    return false;
  }
}
