import { expect, test } from 'vitest';
import { appendLeaf, EMPTY_FRONTIER, formatFrontier, rootOf } from '../../contracts/merkle.ts';
import { MAX_KEYS, MAX_LINE_BYTES } from '../../contracts/limits.ts';
import { DEPLOYMENT_SITE } from '../../contracts/names.ts';
import { createCheckpointPublisher } from './checkpoint-publisher.ts';
import { createDeploymentLog } from './deployment-log.ts';
import { createVirtualClock } from './virtual-clock.ts';

function open(everyMs = 0) {
  const lines: string[] = [];
  const state = { away: false, delayed: 0 };
  const clock = createVirtualClock(Date.UTC(2026, 0, 1));
  const log = createDeploymentLog({
    append: async (more) => {
      if (state.away) throw new Error('the log is away');
      lines.push(...more);
    },
    clock, everyMs, onDelayed: () => state.delayed++,
  });
  const publisher = createCheckpointPublisher({ keys: { signCheckpoint: async () => 'note' }, store: { recordCheckpoint: async () => undefined }, clock, tickMs: 1_000, onEvent: () => undefined, deploymentLog: log });
  return { log, publisher, lines, state, clock };
}

function rootsOf(site: string, leaves: number) {
  let frontier = EMPTY_FRONTIER;
  for (let i = 0; i < leaves; i++) frontier = appendLeaf(frontier, Buffer.alloc(32, i));
  return { [site]: { tree: formatFrontier(frontier), root: rootOf(frontier).toString('base64') } };
}

/** `site size` of each checkpoint of a line. */
function named(line: string | undefined): readonly string[] {
  const event = JSON.parse(line ?? '{}') as { tourniquet: { checkpoints: { site: string; size: number }[] } }; // Our own line.
  return event.tourniquet.checkpoints.map(({ site, size }) => `${site} ${size}`);
}

test('a tick names the newest checkpoints of all sites in one line, by name', async () => {
  const { publisher, lines } = open();
  for (const [site, leaves] of [['shop', 1], ['clinic', 2], ['shop', 3]] as const) publisher.grew(rootsOf(site, leaves));
  await publisher.publish();
  expect(lines.map(named)).toEqual([['clinic 2', 'shop 3']]);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ '@timestamp': '2026-01-01T00:00:00.000Z', event: { action: 'checkpoints-published' }, tourniquet: { checkpoints: [{ root: rootsOf('clinic', 2)['clinic']?.root }, {}] } });
});

test('its own checkpoints are not named, so an idle deployment stays silent', async () => {
  const { publisher, lines } = open();
  publisher.grew(rootsOf('shop', 1));
  await publisher.publish();
  for (let leaves = 1; leaves < 5; leaves++) {
    publisher.grew(rootsOf(DEPLOYMENT_SITE, leaves));
    await publisher.publish();
  }
  expect(lines.map(named)).toEqual([['shop 1']]);
});

test('what cannot be written is written later, the newest of each site', async () => {
  const { publisher, lines, state } = open();
  state.away = true;
  publisher.grew({ ...rootsOf('shop', 1), ...rootsOf('clinic', 1) });
  await publisher.publish();
  state.away = false;
  publisher.grew(rootsOf('shop', 2));
  await publisher.publish();
  expect([state.delayed, lines.map(named)]).toEqual([1, [['clinic 1', 'shop 2']]]);
});

test('lines keep their distance, and the last one is written when the publisher stops', async () => {
  const { publisher, lines, log, clock } = open(10_000);
  publisher.grew(rootsOf('shop', 1));
  await publisher.publish();
  publisher.grew(rootsOf('shop', 2));
  await publisher.publish();
  expect(lines.map(named)).toEqual([['shop 1']]);
  await log.write('now');
  expect(lines.map(named)).toEqual([['shop 1'], ['shop 2']]);
  publisher.grew(rootsOf('shop', 3));
  const stop = new AbortController();
  const running = publisher.run(stop.signal);
  stop.abort();
  clock.advance();
  await running;
  expect(lines.map(named)).toEqual([['shop 1'], ['shop 2'], ['shop 3']]);
});

test('many sites go to several lines, each an event that can be stored', async () => {
  const { log, lines } = open();
  const site = (i: number) => `${i}${'s'.repeat(64)}`.slice(0, 64);
  for (let i = 100_000; i < 100_450; i++) log.published({ site: site(i), size: Number.MAX_SAFE_INTEGER, root: Buffer.alloc(32, 255), signedAtMs: 0, note: '' });
  await log.write();
  expect(lines.map((line) => named(line).length)).toEqual([200, 200, 50]);
  for (const line of lines) {
    expect(Buffer.byteLength(line)).toBeLessThan(MAX_LINE_BYTES);
    expect((line.match(/":/g) ?? []).length).toBeLessThan(MAX_KEYS);
  }
});
