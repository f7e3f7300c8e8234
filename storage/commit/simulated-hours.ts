import { CHAIN_LIMITS } from './chain-tracker.ts';
import type { HistoryPlan } from './simulation-plan.ts';
import type { World } from './simulation.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** One long history: hours of traffic, with something going wrong all the time and several things at once. */
export function hoursOf(hours: number): HistoryPlan {
  return {
    config: {
      max_group_events: 40, max_group_bytes: 1_000_000, linger_ms: 150, idle_ms: SECOND_MS, recount_groups: 4, snapshot_every: 20, park_ms: MINUTE_MS, retry_first_ms: 50, retry_most_ms: 5 * SECOND_MS,
      key_refresh_ms: MINUTE_MS,
    },
    partitions: () => 3,
    happen: (world) => happenFor(world, hours * HOUR_MS),
    maxSteps: Infinity,
    beforeMonthEndMs: hours * HOUR_MS,
    stepsToLive: 2_000,
    sleepers: 0.1,
    naps: 0.02,
    napMs: 10 * MINUTE_MS,
    slowInsertMs: 3 * SECOND_MS,
    skewMs: 3 * HOUR_MS,
    tightChance: 0,
    tightLimits: CHAIN_LIMITS,
    parkChance: 1,
    lookBack: 100,
  };
}

async function happenFor(world: World, ms: number): Promise<void> {
  const { random, clock, weather, counts, partitions } = world;
  const endMs = clock.nowMs() + ms;
  const anyPartition = (): number => random.below(partitions);
  /** Again and again, after a wait between the two. */
  const every = async (fromMs: number, toMs: number, act: () => unknown): Promise<void> => {
    for (;;) {
      await clock.sleep(random.between(fromMs, toMs));
      if (clock.nowMs() >= endMs) return;
      await act();
    }
  };
  const outage = (): number => {
    counts.outages += 1;
    return clock.nowMs() + random.between(10 * SECOND_MS, 5 * MINUTE_MS);
  };
  await Promise.all([
    ship(world, endMs),
    every(2 * SECOND_MS, 10 * SECOND_MS, () => world.handOver(anyPartition())),
    every(10 * MINUTE_MS, 40 * MINUTE_MS, () => {
      weather.brokerDownUntilMs = outage();
    }),
    every(10 * MINUTE_MS, 40 * MINUTE_MS, () => {
      weather.storeDownUntilMs = outage();
    }),
    every(5 * MINUTE_MS, 30 * MINUTE_MS, () => world.cutPower()),
    every(5 * MINUTE_MS, 40 * MINUTE_MS, () => world.loseRecords(anyPartition())),
    every(20 * MINUTE_MS, 60 * MINUTE_MS, () => {
      weather.refuseAll = true;
    }),
    every(MINUTE_MS, 10 * MINUTE_MS, () => {
      random.pick(world.workers).skewMs = random.between(-3 * HOUR_MS, 3 * HOUR_MS);
    }),
    every(10 * MINUTE_MS, 30 * MINUTE_MS, () => {
      weather.gatewaySkewMs = random.between(-3 * HOUR_MS, 3 * HOUR_MS);
      weather.keyEpoch += 1;
    }),
  ]);
}

/** Traffic with quiet times. Sites come and go, so that what one forgets stays within what a stream remembers. */
async function ship(world: World, endMs: number): Promise<void> {
  const { random, clock, weather, shippers } = world;
  for (let generation = 0; clock.nowMs() < endMs; generation++) {
    const from = shippers.length;
    world.addShippers(Array.from({ length: 4 }, (_, i) => `site-${generation}-${i}`), (site) => (site.endsWith('-0') ? ['stream-0', 'ingress-0'] : ['stream-0']));
    const present = shippers.slice(from);
    const untilMs = clock.nowMs() + random.between(5 * MINUTE_MS, 20 * MINUTE_MS);
    while (clock.nowMs() < Math.min(untilMs, endMs)) {
      await clock.sleep(random.chance(0.01) ? random.between(MINUTE_MS, 10 * MINUTE_MS) : random.between(SECOND_MS, 15 * SECOND_MS));
      for (let i = random.between(1, 3); i > 0; i--) await world.append(random.pick(present).step(clock.nowMs() + weather.gatewaySkewMs));
    }
    for (const shipper of present) await world.append(shipper.drain(clock.nowMs()));
  }
}
