import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:tls';
import type { TLSSocket } from 'node:tls';
import type { SessionLimits } from './session.ts';
import { serveConnection } from './session.ts';
import type { SyslogSink } from './sink.ts';

export interface SyslogOptions {
  readonly host: string;
  readonly port: number;
  /** PEM. */
  readonly certificate: string;
  readonly key: string;
  /** PEM; clients without a certificate of these are turned away. Absent: none is asked for. */
  readonly clientCa?: string | undefined;
  readonly maxConnections: number;
  readonly idleMs: number;
  readonly limits?: Partial<SessionLimits>;
  /** How long `close` waits for what was read to be stored. */
  readonly drainMs?: number;
}

export interface SyslogListener extends AsyncDisposable {
  readonly port: number;
  /** Takes no new connection, stores what was read of the open ones, then resolves. */
  close(): Promise<void>;
}

const LIMITS = { lingerMs: 100, messageMs: 30_000, retryMs: 100, mostRetryMs: 5_000 } as const;
const HANDSHAKE_MS = 10_000;
/** What a connection may have sent while the log is slow, before TCP stops it. */
const SOCKET_BYTES = 128 * 1024;
/** Less than all roles together are given to end: what is not stored by then shall be counted. */
const DRAIN_MS = 2_000;

/** Listens when it resolves; rejects when the certificate or the address cannot be used. */
export async function openSyslogListener(sink: SyslogSink, options: SyslogOptions): Promise<SyslogListener> {
  const stopping = new AbortController();
  const givenUp = new AbortController();
  const open = new Set<Promise<void>>();
  const server = createServer({
    cert: options.certificate, key: options.key, minVersion: 'TLSv1.2', handshakeTimeout: HANDSHAKE_MS, highWaterMark: SOCKET_BYTES,
    ...(options.clientCa === undefined ? {} : { ca: options.clientCa, requestCert: true, rejectUnauthorized: true }),
  });
  // Counts connections before their handshake, too.
  server.maxConnections = options.maxConnections;
  server.on('secureConnection', (socket: TLSSocket) => {
    // A reset is an end like any other: the session sees the socket close.
    socket.on('error', () => undefined);
    const session = serveConnection(socket, sink, { ...LIMITS, idleMs: options.idleMs, ...options.limits }, stopping.signal, givenUp.signal).catch(() => sink.refused('not_stored'));
    open.add(session);
    sink.connections(open.size);
    void session.finally(() => {
      open.delete(session);
      sink.connections(open.size);
    });
  });
  server.on('tlsClientError', () => sink.refused('framing'));
  server.on('drop', () => sink.refused('too_many'));
  server.listen(options.port, options.host);
  await once(server, 'listening');
  // Of accepting one connection (no descriptor left): the others go on.
  server.on('error', () => sink.refused('too_many'));

  async function close(): Promise<void> {
    server.close();
    stopping.abort();
    const timer = setTimeout(() => givenUp.abort(), options.drainMs ?? DRAIN_MS);
    await Promise.all(open);
    clearTimeout(timer);
  }

  // A TCP server has an address while it listens.
  return { port: (server.address() as AddressInfo).port, close, [Symbol.asyncDispose]: close };
}
