import type { ConfigOf, Settings } from '../../contracts/settings.ts';

export const SYSLOG_SETTINGS = {
  enabled: { kind: 'switch', default: false, comment: 'Takes syslog (RFC 5424) over TLS.' },
  host: { kind: 'text', default: '127.0.0.1', comment: 'Address to listen on.' },
  port: { kind: 'integer', default: 6514, least: 0, most: 65_535, comment: 'Port to listen on; 0 lets the system choose.' },
  certificate: { kind: 'secret', default: '', comment: 'Certificate chain as PEM, the own one first: "file:PATH". Read at start.' },
  key: { kind: 'secret', default: '', comment: 'Private key of the certificate as PEM: "file:PATH".' },
  client_ca: { kind: 'secret', default: '', comment: 'Certificates as PEM, one of which must have signed that of the client; empty to ask clients for none. Their ingest key is asked for in any case.' },
  max_connections: { kind: 'integer', default: 200, least: 1, most: 10_000, comment: 'Connections at one time; further ones are closed at once.' },
  idle_seconds: { kind: 'integer', default: 3600, least: 10, most: 86_400, comment: 'Seconds a connection may be silent.' },
} as const satisfies Settings;

export type SyslogConfig = ConfigOf<typeof SYSLOG_SETTINGS>;
