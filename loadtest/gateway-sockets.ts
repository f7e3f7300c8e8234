import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface SocketLoad {
  readonly url: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** A connection each; its bodies are sent one after the other, from the start again when they end. */
  readonly bodies: readonly (readonly Buffer[])[];
  readonly durationMs: number;
  /** Requests a second over all connections, at even distances; 0 for as many as go. */
  readonly rate: number;
}

export interface SocketReport {
  readonly requests: number;
  /** Answers by status. */
  readonly statuses: Readonly<Record<string, number>>;
  readonly elapsedMs: number;
  /** From the moment a request was due, so that a server that stalls does not stop the clock. */
  readonly latenciesMs: readonly number[];
}

const END_OF_HEAD = Buffer.from('\r\n\r\n');

/** One keep-alive connection that knows just enough HTTP to read the gateway's answers: cheaper than an HTTP client. */
class RawConnection {
  readonly #socket: Socket;
  #received: Buffer = Buffer.alloc(0);
  #waiting: PromiseWithResolvers<number> | undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    socket.on('error', (error) => this.#waiting?.reject(error));
    socket.on('close', () => this.#waiting?.reject(new Error('the gateway closed the connection')));
  }

  /** The answer's status. */
  send(request: Buffer): Promise<number> {
    this.#waiting = Promise.withResolvers<number>();
    this.#socket.write(request);
    return this.#waiting.promise;
  }

  close(): void {
    this.#waiting = undefined;
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    const head = this.#received.indexOf(END_OF_HEAD);
    if (head < 0) return;
    const text = this.#received.toString('latin1', 0, head);
    const length = Number(/^content-length: (\d+)/im.exec(text)?.[1] ?? 0);
    if (this.#received.length < head + END_OF_HEAD.length + length) return;
    this.#received = Buffer.alloc(0);
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.resolve(Number(text.slice(9, 12)));
  }
}

function requestsOf(load: SocketLoad, bodies: readonly Buffer[]): readonly Buffer[] {
  const fields = Object.entries(load.headers).map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return bodies.map((body) => Buffer.concat([Buffer.from(`POST ${load.path} HTTP/1.1\r\nHost: gateway\r\n${fields}Content-Length: ${body.length}\r\n\r\n`), body]));
}

/** An open loop: request i is due at i / rate, whatever became of those before; it waits for a free connection. */
export async function sendOverSockets(load: SocketLoad): Promise<SocketReport> {
  const { hostname, port } = new URL(load.url);
  const connections = await Promise.all(
    load.bodies.map(async (bodies) => {
      const socket = connect(Number(port), hostname);
      await once(socket, 'connect');
      return { connection: new RawConnection(socket), requests: requestsOf(load, bodies) };
    }),
  );
  const statuses: Record<string, number> = {};
  const latenciesMs: number[] = [];
  const startedAt = performance.now();
  let next = 0;
  const drive = async ({ connection, requests }: (typeof connections)[number]): Promise<void> => {
    for (let i = 0; performance.now() - startedAt < load.durationMs; i++) {
      const dueMs = load.rate === 0 ? performance.now() : startedAt + (next++ * 1000) / load.rate;
      if (dueMs - startedAt > load.durationMs) return;
      if (dueMs > performance.now()) await sleep(dueMs - performance.now());
      // The remainder is an index.
      const status = await connection.send(requests[i % requests.length]!);
      statuses[status] = (statuses[status] ?? 0) + 1;
      latenciesMs.push(performance.now() - dueMs);
    }
  };
  await Promise.all(connections.map(drive));
  const elapsedMs = performance.now() - startedAt;
  for (const { connection } of connections) connection.close();
  return { requests: latenciesMs.length, statuses, elapsedMs, latenciesMs };
}
