// @ts-expect-error: no types
import Queue from 'kafkajs/src/network/requestQueue/index.js';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { mendRequestQueue } from './request-queue.ts';

interface TestQueue {
  push(request: object): void;
  scheduleRequestTimeoutCheck(): void;
  fulfillRequest(answer: { readonly correlationId: number; readonly payload: Buffer; readonly size: number }): void;
  destroy(): void;
}

const TIMEOUT_MS = 500;

beforeEach(() => {
  vi.useFakeTimers();
  mendRequestQueue();
});
afterEach(() => {
  vi.useRealTimers();
});

function queueOf(isConnected: () => boolean): TestQueue {
  const logger = { debug: () => undefined, warn: () => undefined };
  // As the pinned kafkajs makes it.
  return new (Queue as new (options: object) => TestQueue)({ maxInFlightRequests: null, requestTimeout: TIMEOUT_MS, enforceRequestTimeout: true, clientId: 't', broker: 'b', logger: { ...logger, namespace: () => logger }, isConnected });
}

function ask(queue: TestQueue, correlationId: number): Promise<unknown> {
  return new Promise((resolve, reject) => {
    queue.push({ entry: { apiKey: 3, apiName: 'Metadata', apiVersion: 6, correlationId, resolve, reject }, expectResponse: true, requestTimeout: TIMEOUT_MS, sendRequest: () => undefined });
  }).catch((error: unknown) => error);
}

test('a request that a closing connection still took ends by its time-out, and no timer stays behind', async () => {
  let connected = true;
  const queue = queueOf(() => connected);
  queue.scheduleRequestTimeoutCheck();
  const answer = ask(queue, 1);
  queue.destroy();
  connected = false;
  await vi.advanceTimersByTimeAsync(2 * TIMEOUT_MS);
  expect(await answer).toMatchObject({ name: 'KafkaJSRequestTimeoutError' });
  expect(vi.getTimerCount()).toBe(0);
});

test('a connection that is opened again while a request is left over has one timer, which ends with it', async () => {
  let connected = true;
  const queue = queueOf(() => connected);
  queue.scheduleRequestTimeoutCheck();
  const answer = ask(queue, 1);
  queue.destroy();
  queue.scheduleRequestTimeoutCheck();
  expect(vi.getTimerCount()).toBe(1);
  await vi.advanceTimersByTimeAsync(2 * TIMEOUT_MS);
  expect(await answer).toMatchObject({ name: 'KafkaJSRequestTimeoutError' });
  connected = false;
  await vi.advanceTimersByTimeAsync(2 * TIMEOUT_MS);
  expect(vi.getTimerCount()).toBe(0);
});

test('an answer with nothing pending sets no timer', () => {
  const queue = queueOf(() => true);
  void ask(queue, 1);
  queue.fulfillRequest({ correlationId: 1, payload: Buffer.alloc(0), size: 0 });
  expect(vi.getTimerCount()).toBe(0);
});
