import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { StorageConfig } from '../config.ts';
import { StorageError } from '../errors.ts';
import { DataDirectory } from './data-directory.ts';
import { Engine } from './engine.ts';
import { createHttpServer } from './http-server.ts';

export interface StorageOptions {
  readonly directory: string;
  readonly host: string;
  readonly port: number;
  readonly writerPassword: string;
  readonly readerPassword: string;
  /** Of the user who may only replace texts of single rows; without it there is none. */
  readonly redactorPassword?: string;
  /** Of the user who may only drop whole partitions and store what is left of them; without it there is none. */
  readonly retentionPassword?: string;
  readonly config: StorageConfig;
}

export interface Storage extends AsyncDisposable {
  /** `http://host:port`, without credentials. Users are `writer`, `reader`, `redactor` and `retention`, the database is `tourniquet`. */
  readonly url: string;
  close(): Promise<void>;
}

/** The storage role: owns the directory, brings the tables up to date, answers ClickHouse's HTTP protocol. One a process. */
export async function startStorage(options: StorageOptions): Promise<Storage> {
  const directory = await DataDirectory.hold(options.directory);
  const engine = await Engine.open(directory, options.config).catch(async (error: unknown) => {
    await directory[Symbol.asyncDispose]();
    throw error;
  });
  const server = createHttpServer({
    engine,
    spoolDirectory: directory.spool,
    maxBodyBytes: options.config.spool_megabytes * 1024 * 1024,
    credentials: [
      { user: 'writer', password: options.writerPassword },
      { user: 'reader', password: options.readerPassword },
      ...(options.redactorPassword === undefined ? [] : [{ user: 'redactor', password: options.redactorPassword } as const]),
      ...(options.retentionPassword === undefined ? [] : [{ user: 'retention', password: options.retentionPassword } as const]),
    ],
  });
  const close = async (): Promise<void> => {
    server.closeIdleConnections();
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
    await engine.close();
    await directory[Symbol.asyncDispose]();
  };
  try {
    const port = await listen(server, options.host, options.port);
    const host = options.host.includes(':') ? `[${options.host}]` : options.host;
    return { url: `http://${host}:${port}`, close, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => reject(new StorageError('cannotListen', `${host}:${port}`, { cause })));
    // A TCP server's address is an AddressInfo.
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}
