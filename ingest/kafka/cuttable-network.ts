import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import type { KafkaConfig } from 'kafkajs';

/**
 * What stands between us and the brokers.
 * - `open`: bytes pass.
 * - `deaf`: requests reach the broker, answers do not come back.
 * - `silent`: nothing passes, and no connection ends.
 * - `refused`: connections end, and new ones do too.
 */
export type NetworkState = 'open' | 'deaf' | 'silent' | 'refused';

/** For tests: a proxy in front of each broker, which a client reaches through `socketFactory`. */
export interface CuttableNetwork extends AsyncDisposable {
  readonly socketFactory: NonNullable<KafkaConfig['socketFactory']>;
  set(state: NetworkState): void;
}

export async function openCuttableNetwork(ports: readonly number[]): Promise<CuttableNetwork> {
  let state: NetworkState = 'open';
  const sockets = new Set<Socket>();
  const servers = new Map<number, Server>();
  for (const port of ports) {
    const server = createServer((client) => {
      if (state === 'refused') {
        client.destroy();
        return;
      }
      const broker = connect({ port, host: '127.0.0.1' });
      for (const [from, to, states] of [[client, broker, ['open', 'deaf']], [broker, client, ['open']]] as const) {
        sockets.add(from);
        from.on('data', (bytes) => {
          if ((states as readonly NetworkState[]).includes(state)) to.write(bytes);
        });
        from.on('error', () => undefined);
        from.on('close', () => {
          sockets.delete(from);
          to.destroy();
        });
      }
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    servers.set(port, server);
  }
  return {
    socketFactory: ({ port, onConnect }) => connect({ port: portOf(servers.get(port)), host: '127.0.0.1' }, onConnect),
    set(next) {
      state = next;
      if (next === 'refused') for (const socket of sockets) socket.destroy();
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await Promise.all([...servers.values()].map(async (server) => new Promise((resolve) => server.close(resolve))));
    },
  };
}

function portOf(server: Server | undefined): number {
  // It listens on a port, which has such an address.
  return (server?.address() as AddressInfo | undefined)?.port ?? 0;
}
