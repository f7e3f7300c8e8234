import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import os from 'node:os';
import path from 'node:path';

export interface OutsideCall {
  readonly host: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

export interface OutsideAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

export type OutsideService = (call: OutsideCall) => OutsideAnswer | Promise<OutsideAnswer>;

function certificate(): { readonly key: string; readonly cert: string } {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'tq-tls-'));
  const [key, cert] = [path.join(directory, 'key.pem'), path.join(directory, 'cert.pem')];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=made-up.example', '-keyout', key, '-out', cert], { stdio: 'ignore' });
  const made = { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  rmSync(directory, { recursive: true });
  return made;
}

const TLS_HANDSHAKE = 0x16;

/** Every host there is, plain and over TLS, on one port of this machine. A host that nobody plays answers `{}`. */
export class FakeInternet implements AsyncDisposable {
  readonly calls: OutsideCall[] = [];
  readonly #services = new Map<string, OutsideService>();
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor() {
    const answer = (request: IncomingMessage, response: ServerResponse): void => void this.#answer(request, response);
    const plain = createHttpServer(answer);
    const tls = createTlsServer(certificate(), answer);
    this.#server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket)).on('error', () => undefined);
      socket.once('data', (first: Buffer) => {
        socket.pause();
        socket.unshift(first);
        (first[0] === TLS_HANDSHAKE ? tls : plain).emit('connection', socket);
        process.nextTick(() => socket.resume());
      });
    });
  }

  static async start(): Promise<FakeInternet> {
    const internet = new FakeInternet();
    await new Promise<void>((resolve) => internet.#server.listen(0, '127.0.0.1', resolve));
    return internet;
  }

  get port(): number {
    // It listens on TCP, so its address has a port.
    return (this.#server.address() as AddressInfo).port;
  }

  /** Plays a host from now on. */
  plays(host: string, service: OutsideService): void {
    this.#services.set(host, service);
  }

  callsTo(host: string): readonly OutsideCall[] {
    return this.calls.filter((c) => c.host === host);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += String(chunk);
    const call = { host: (request.headers.host ?? '').replace(/:\d+$/, ''), method: request.method ?? '', path: request.url ?? '', headers: request.headers, body };
    this.calls.push(call);
    const made = await (this.#services.get(call.host)?.(call) ?? {});
    response.writeHead(made.status ?? 200, { 'content-type': 'application/json', ...made.headers }).end(made.body ?? '{}');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
