import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { BrokerLink } from './broker-link.ts';
import type { KafkaBroker, KafkaConnection } from './internals.ts';

/** Open connections that take every request and answer none: so kafkajs does with what is asked while it disconnects. */
function forgetfulBroker(): { readonly broker: KafkaBroker; readonly taken: () => number } {
  let taken = 0;
  const connection = {
    clientId: 'test',
    isConnected: () => true,
    authenticate: async () => undefined,
    connect: async () => undefined,
    nextCorrelationId: () => 1,
    requestQueue: { push: () => void (taken += 1) },
    rejectRequests: () => undefined,
    disconnect: async () => undefined,
    send: () => new Promise(() => void (taken += 1)),
  };
  // Only what a link touches.
  const pool = [connection, connection] as unknown as readonly KafkaConnection[];
  return { broker: { connect: async () => undefined, connectionPool: { pool } } as unknown as KafkaBroker, taken: () => taken };
}

test('a request that the client library forgot ends with its link, on either channel', async () => {
  const { broker, taken } = forgetfulBroker();
  const link = new BrokerLink(broker, 1);
  // A protocol and a request that are never encoded.
  const asked = link.ask({} as Parameters<BrokerLink['ask']>[0]).catch((error: unknown) => error);
  const polled = link.exchange('long polls', { apiKey: 1, apiName: 'Fetch', apiVersion: 4, parts: [] }, 500).catch((error: unknown) => error);
  while (taken() < 2) await setImmediate();
  const reason = new Error('the other connection ended');
  link.close(reason);
  expect([await asked, await polled]).toEqual([reason, reason]);
});
