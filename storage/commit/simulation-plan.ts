import type { Random } from '../../contracts/seeded-random.ts';
import type { ChainLimits } from './chain-tracker.ts';
import type { CommitterDeps } from './committer-deps.ts';
import { spawn } from './simulated-worker.ts';
import type { World } from './simulation.ts';

/** How long and how wild a history is. */
export interface HistoryPlan {
  readonly config: CommitterDeps['config'];
  readonly partitions: (random: Random) => number;
  /** What happens until the calm. */
  readonly happen: (world: World) => Promise<void>;
  readonly maxSteps: number;
  readonly beforeMonthEndMs: number;
  /** Gates a worker passes before it dies, at most. */
  readonly stepsToLive: number;
  /** Share of the workers that fall asleep now and then, how often at a gate, and how long at most. */
  readonly sleepers: number;
  readonly naps: number;
  readonly napMs: number;
  readonly slowInsertMs: number;
  /** By how much clocks are wrong at most. */
  readonly skewMs: number;
  /** Chance that so few ends are remembered that old repeats must be looked up. */
  readonly tightChance: number;
  readonly tightLimits: ChainLimits;
  /** Chance that the end is waited for until every partition is parked. */
  readonly parkChance: number;
  /** Commit records that a power loss looks at. */
  readonly lookBack: number;
}

const HOUR_MS = 3_600_000;

const CONFIG: CommitterDeps['config'] = {
  max_group_events: 12, max_group_bytes: 1_000_000, linger_ms: 20, idle_ms: 100, recount_groups: 2, snapshot_every: 3, park_ms: 250, retry_first_ms: 5, retry_most_ms: 40, key_refresh_ms: 50,
};

/** A second or so of traffic. */
export const SHORT: HistoryPlan = {
  config: CONFIG,
  partitions: (random) => (random.chance(0.15) ? 2 : 1),
  happen: happenShortly,
  maxSteps: 20_000,
  beforeMonthEndMs: 1_500,
  stepsToLive: 60,
  sleepers: 0.2,
  naps: 0.02,
  napMs: 800,
  slowInsertMs: 80,
  skewMs: 3 * HOUR_MS,
  tightChance: 0.3,
  tightLimits: { branches: 16, recent: 3, gaps: 1_000 },
  parkChance: 0.15,
  lookBack: Infinity,
};

/** Every worker is sleepy. */
export const SLEEPY: HistoryPlan = { ...SHORT, sleepers: 1, naps: 0.06 };

async function happenShortly(world: World): Promise<void> {
  const { random, clock, weather, shippers } = world;
  const count = random.between(1, 3);
  world.addShippers(['site-0', 'site-1'].slice(0, count === 3 ? 2 : 1), (site) => (site === 'site-0' ? ['stream-0', ...(count > 1 ? ['stream-1'] : [])] : [random.chance(0.5) ? 'stream-0' : 'ingress-0']));
  if (random.chance(0.2)) world.addShippers(['site-0'], () => ['ingress-1']);
  const steps = random.between(5, 16);
  for (let i = 0; i < steps; i++) {
    if (random.chance(0.5)) await clock.sleep(random.between(1, 60));
    if (random.chance(0.03)) await clock.sleep(random.between(200, 600));
    if (random.chance(0.05)) weather.keyEpoch += 1;
    if (random.chance(0.02)) weather.refuseAll = true;
    if (random.chance(0.03)) weather.gatewaySkewMs = random.between(-HOUR_MS, HOUR_MS);
    mishap(world);
    const receivedAtMs = clock.nowMs() + weather.gatewaySkewMs - (random.chance(0.05) ? random.between(0, 500) : 0);
    await world.append(random.pick(shippers).step(receivedAtMs));
  }
  for (const shipper of shippers) await world.append(shipper.drain(clock.nowMs()));
}

function mishap(world: World): void {
  const { random, clock, weather, counts, partitions } = world;
  const partition = random.below(partitions);
  const dice = random();
  if (dice < 0.04) spawn(world, partition);
  else if (dice < 0.08) world.handOver(partition);
  else if (dice < 0.11) world.cutPower();
  else if (dice < 0.125) world.loseRecords(partition);
  else if (dice < 0.14) {
    counts.outages += 1;
    weather.brokerDownUntilMs = clock.nowMs() + random.between(50, 400);
  } else if (dice < 0.155) {
    counts.outages += 1;
    weather.storeDownUntilMs = clock.nowMs() + random.between(50, 400);
  }
}
