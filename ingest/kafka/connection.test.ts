import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { kafkaErrorOf } from './client-error.ts';
import type { KafkaSettings } from './config.ts';
import { createKafka, type KafkaClientEvent, kafkaConfigOf } from './connection.ts';
import { openOwnership } from './ownership.ts';
import { type BrokerCluster, startBrokers } from './test-broker/broker-cluster.ts';
import { makeThrowAwayCa, type ThrowAwayCa } from './test-broker/throw-away-ca.ts';
import { testSettings } from './test-settings.ts';

let cluster: BrokerCluster;
let strangers: string;
let otherCa: ThrowAwayCa;

beforeAll(async () => {
  cluster = await startBrokers({ brokers: 1, secured: true });
  strangers = await mkdtemp(path.join(os.tmpdir(), 'tourniquet-ca-'));
  otherCa = await makeThrowAwayCa(strangers);
});

afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
  await rm(strangers, { recursive: true, force: true });
});

function settingsWith(change: { readonly tls?: Partial<KafkaSettings['tls']>; readonly sasl?: Partial<KafkaSettings['sasl']> }): KafkaSettings {
  const settings = testSettings(cluster);
  return { ...settings, tls: { ...settings.tls, ...change.tls }, sasl: { ...settings.sasl, ...change.sasl } };
}

/** Brokers seen, or our error; and what the client library said meanwhile. */
async function tryOut(settings: KafkaSettings): Promise<{ readonly answer: unknown; readonly events: readonly KafkaClientEvent[] }> {
  const events: KafkaClientEvent[] = [];
  const admin = createKafka(settings, (event) => events.push(event)).admin();
  const answer = await admin.connect().then(async () => (await admin.describeCluster()).brokers.length).catch(kafkaErrorOf);
  await admin.disconnect();
  return { answer, events };
}

test.each(['plain', 'scram-sha-256', 'scram-sha-512'])('logs in with %s over TLS', async (mechanism) => {
  expect(await tryOut(settingsWith({ sasl: { mechanism } }))).toEqual({ answer: 1, events: [] });
});

test('shows its own certificate where one is asked for', async () => {
  const { ca } = cluster.security ?? expect.fail('the cluster is secured');
  expect(await tryOut(settingsWith({ tls: { certificate_file: ca.clientCertificateFile, key_file: ca.clientKeyFile } }))).toEqual({ answer: 1, events: [] });
});

test.each(['plain', 'scram-sha-512'])('a wrong password by %s is named as such, and stands in no error or event', async (mechanism) => {
  const wrong = ['not', 'the', 'password'].join('-');
  const { answer, events } = await tryOut(settingsWith({ sasl: { mechanism, password: wrong } }));
  expect(answer).toMatchObject({ code: 'TQ-KAFKA-02', retryable: false });
  expect(events.length).toBeGreaterThan(0);
  expect(JSON.stringify([String(answer), events])).not.toContain(wrong);
});

test('a member of the group with a wrong password ends instead of trying for ever', async () => {
  const kafka = createKafka(settingsWith({ sasl: { password: ['not', 'the', 'password'].join('-') } }));
  await expect(openOwnership(kafka, { groupId: 'g', topic: 't', partitions: 1, sessionTimeoutMs: 6_000 })).rejects.toMatchObject({ code: 'TQ-KAFKA-02' });
});

test.concurrent('a certificate of a CA that is not trusted is refused, and named as such', async () => {
  const { answer } = await tryOut(settingsWith({ tls: { ca_file: otherCa.caFile } }));
  expect(answer).toMatchObject({ code: 'TQ-KAFKA-03', retryable: false });
});

test.concurrent('a certificate must hold the name that is expected', async () => {
  expect((await tryOut(settingsWith({ tls: { server_name: 'kafka.test' } }))).answer).toBe(1);
  expect((await tryOut(settingsWith({ tls: { server_name: 'elsewhere.test' } }))).answer).toMatchObject({ code: 'TQ-KAFKA-03' });
});

test.concurrent('brokers that cannot be reached are worth another try', async () => {
  const { answer } = await tryOut({ ...testSettings({ bootstrap: ['127.0.0.1:1'], security: undefined }) });
  expect(answer).toMatchObject({ code: 'TQ-KAFKA-01', retryable: true, status: 503 });
});

test('every problem of the settings is named at once', () => {
  const settings = testSettings({ bootstrap: ['kafka'], security: undefined });
  const wrong = { ...settings, min_insync_replicas: 2, tls: { ...settings.tls, enabled: true, ca_file: '/nowhere/ca.pem', key_file: '/nowhere/key.pem' }, sasl: { mechanism: 'plain', username: 'u', password: '' } };
  const message = String(expectError(() => kafkaConfigOf(wrong, () => undefined)));
  for (const problem of ['"kafka" is not HOST:PORT', 'min_insync_replicas', 'go together', 'tls.ca_file: cannot be read', 'tls.key_file: cannot be read', 'sasl.password: missing']) expect(message).toContain(problem);
});

test('settings that would have no effect are refused', () => {
  const settings = testSettings({ bootstrap: ['kafka:9092'], security: undefined });
  const message = String(expectError(() => kafkaConfigOf({ ...settings, tls: { ...settings.tls, ca_file: 'ca.pem' }, sasl: { ...settings.sasl, username: 'u' } }, () => undefined)));
  expect(message).toContain('tls.ca_file: has no effect');
  expect(message).toContain('sasl.mechanism: name one');
});

test('a password never travels in the clear: plain needs TLS, SCRAM does not', () => {
  const settings = testSettings({ bootstrap: ['kafka:9092'], security: undefined });
  const login = { username: 'u', password: 'p' };
  expect(String(expectError(() => kafkaConfigOf({ ...settings, sasl: { mechanism: 'plain', ...login } }, () => undefined)))).toContain('set tls.enabled');
  expect(kafkaConfigOf({ ...settings, sasl: { mechanism: 'plain', ...login }, tls: { ...settings.tls, enabled: true } }, () => undefined).ssl).toBeDefined();
  expect(kafkaConfigOf({ ...settings, sasl: { mechanism: 'scram-sha-512', ...login } }, () => undefined).ssl).toBeUndefined();
});

test('the client library draws no warning from Node', async () => {
  const warnings: string[] = [];
  const listener = (warning: Error): number => warnings.push(warning.name);
  process.on('warning', listener);
  await tryOut(testSettings(cluster));
  await new Promise(setImmediate);
  process.off('warning', listener);
  expect(warnings).toEqual([]);
});

function expectError(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return expect.fail('it did not throw');
}
