import { expect, test } from 'vitest';
import { StoreUnavailable } from '../../contracts/store.ts';
import { appendLeaf, EMPTY_FRONTIER, formatFrontier, rootOf } from '../../contracts/merkle.ts';
import type { CheckpointEvent, StoredCheckpoint } from './checkpoint-publisher.ts';
import { createCheckpointPublisher } from './checkpoint-publisher.ts';
import { createVirtualClock } from './virtual-clock.ts';

function rootsOf(site: string, leaves: number) {
  let frontier = EMPTY_FRONTIER;
  for (let i = 0; i < leaves; i++) frontier = appendLeaf(frontier, Buffer.alloc(32, i));
  return { [site]: { tree: formatFrontier(frontier), root: rootOf(frontier).toString('base64') } };
}

function open(fail: { sign?: unknown; store?: unknown } = {}) {
  const stored: StoredCheckpoint[] = [];
  const events: CheckpointEvent[] = [];
  const clock = createVirtualClock(0);
  const publisher = createCheckpointPublisher({
    keys: { signCheckpoint: async (site, size, root) => {
      if (fail.sign !== undefined) throw fail.sign;
      return `${site} ${size} ${root.toString('base64')}`;
    } },
    store: { recordCheckpoint: async (checkpoint) => {
      if (fail.store !== undefined) throw fail.store;
      stored.push(checkpoint);
    } },
    clock, tickMs: 1_000, onEvent: (event) => events.push(event),
  });
  return { publisher, stored, events, clock, fail };
}

test('only the newest root of a site is signed, once', async () => {
  const { publisher, stored } = open();
  publisher.grew(rootsOf('shop', 1));
  publisher.grew(rootsOf('shop', 3));
  await publisher.publish();
  await publisher.publish();
  expect(stored.map((c) => [c.site, c.size])).toEqual([['shop', 3]]);
});

test('a site that did not grow is not signed again', async () => {
  const { publisher, stored } = open();
  publisher.grew(rootsOf('shop', 2));
  await publisher.publish();
  publisher.grew(rootsOf('shop', 2));
  await publisher.publish();
  expect(stored).toHaveLength(1);
});

test('what cannot be stored now is published on a later tick', async () => {
  const { publisher, stored, events, fail } = open({ store: new StoreUnavailable('away') });
  publisher.grew(rootsOf('shop', 2));
  await publisher.publish();
  expect(events).toMatchObject([{ type: 'delayed', site: 'shop' }]);
  fail.store = undefined;
  await publisher.publish();
  expect(stored).toHaveLength(1);
});

test('a root that the key refuses is told and not tried again, and other sites go on', async () => {
  const { publisher, stored, events, fail } = open({ sign: new Error('a larger tree was signed') });
  publisher.grew(rootsOf('shop', 2));
  await publisher.publish();
  fail.sign = undefined;
  publisher.grew(rootsOf('other', 1));
  await publisher.publish();
  expect(events.map((e) => e.type)).toEqual(['refused', 'published']);
  expect(stored.map((c) => c.site)).toEqual(['other']);
});

test('it publishes every tick, and what is left when it is stopped', async () => {
  const { publisher, stored, clock } = open();
  const stop = new AbortController();
  const running = publisher.run(stop.signal);
  publisher.grew(rootsOf('shop', 1));
  clock.advance();
  await new Promise((resolve) => { setImmediate(resolve); });
  expect(stored).toHaveLength(1);
  publisher.grew(rootsOf('shop', 2));
  stop.abort();
  await running;
  expect(stored).toHaveLength(2);
});
