import { setTimeout as sleep } from 'node:timers/promises';
import { openOwnership } from '../../ingest/kafka/ownership.ts';
import type { RoleName } from '../../roles/run-file.ts';
import { CuttableRoute } from '../kafka/cuttable-route.ts';
import { FaultScene } from '../kafka/fault-scene.ts';
import { foreignClient } from '../kafka/foreign-client.ts';
import { until } from '../kafka/reconciliation.ts';
import { SmallDisks } from '../kafka/small-disks.ts';
import type { Unit } from '../kafka/unit.ts';

/** How long each fault lasts. */
export interface FaultDurations {
  readonly cutMs: number;
  readonly slowMs: number;
  readonly rebalancesMs: number;
}

export const LONG: FaultDurations = { cutMs: 30_000, slowMs: 20_000, rebalancesMs: 600_000 };
export const SHORT: FaultDurations = { cutMs: 12_000, slowMs: 6_000, rebalancesMs: 12_000 };

export interface FaultReport {
  /** What was seen, in milliseconds and counts. */
  readonly figures: Readonly<Record<string, number>>;
  /** What did not hold; empty when all is well. */
  readonly failures: readonly string[];
}

export interface Fault {
  readonly title: string;
  /** Mounts disks or makes network namespaces. */
  readonly needsRoot: boolean;
  /** In `npm test` too, for a short while. */
  readonly inTests: boolean;
  run(durations: FaultDurations): Promise<FaultReport>;
}

const DISK_MIB = 128;
const SEEN_WITHIN_MS = 240_000;

/** Both disk faults on one set of brokers. */
async function fullDisks(): Promise<FaultReport> {
  await using disks = await SmallDisks.mount(3, DISK_MIB);
  await using scene = await FaultScene.open({ brokers: { brokers: 3, directory: disks.directory } });
  await scene.untilCommitted();
  disks.fill(0);
  const onTwoMs = await sustained(scene, 5_000);
  const firstDied = isDown(scene, 0) ? 1 : 0;
  const restartMs = await restarted(scene, [scene.worker(0), ...scene.deployment.gateways]);
  const oneFull = await scene.failures();
  await bringBack(scene, disks, [0]);

  for (const disk of [0, 1, 2]) disks.fill(disk);
  const refused = await until(async () => (await refusedBlocks(scene.gatewayUrl)) > 0, SEEN_WITHIN_MS);
  const died = [0, 1, 2].filter((i) => isDown(scene, i)).length;
  await sleep(3_000);
  await bringBack(scene, disks, [0, 1, 2]);
  const backMs = await scene.untilCommitted();
  const failures = [...oneFull.map((f) => `one disk full: ${f}`), ...(refused ? [] : ['the gateway did not answer 503 while all disks were full']), ...(await scene.failures())];
  return { figures: { one_full_first_commit_of_all_ms: onTwoMs, one_full_broker_ended: firstDied, one_full_restart_of_roles_ms: restartMs, all_full_brokers_ended: died, all_full_back_ms: backMs }, failures };
}

/** For so long, each partition gets on again and again; the longest wait. */
async function sustained(scene: FaultScene, forMs: number): Promise<number> {
  const untilMs = performance.now() + forMs;
  let longestMs = 0;
  do longestMs = Math.max(longestMs, await scene.untilCommitted());
  while (performance.now() < untilMs);
  return longestMs;
}

/** A broker that is away for long must not keep a role from starting. */
async function restarted(scene: FaultScene, units: readonly Unit[]): Promise<number> {
  await Promise.all(units.map((unit) => unit.stop()));
  const startedAt = performance.now();
  await scene.deployment.start(units);
  return Math.round(performance.now() - startedAt);
}

function isDown(scene: FaultScene, broker: number): boolean {
  return scene.brokers.brokers[broker]?.pid === undefined;
}

/** What an operator does: makes room, and starts what ended. A broker that still runs on a disk that was full is restarted too. */
async function bringBack(scene: FaultScene, disks: SmallDisks, brokers: readonly number[]): Promise<void> {
  for (const broker of brokers) {
    disks.free(broker);
    await scene.brokers.kill(broker);
  }
  await Promise.all(brokers.map((broker) => scene.brokers.start(broker)));
}

/** Blocks the gateway answered with 503 so far. */
async function refusedBlocks(gatewayUrl: string): Promise<number> {
  const metrics = await (await fetch(`${gatewayUrl}/metrics`)).text();
  return Number(/^tourniquet_gateway_requests_total\{route="\/v1\/blocks",status="503"\} (\d+)/m.exec(metrics)?.[1] ?? 0);
}

async function brokersTogether(): Promise<FaultReport> {
  await using scene = await FaultScene.open({ brokers: { brokers: 3 } });
  await scene.untilCommitted();
  await Promise.all([0, 1, 2].map((i) => scene.brokers.kill(i)));
  const startedAt = performance.now();
  await Promise.all([0, 1, 2].map((i) => scene.brokers.start(i)));
  const startMs = Math.round(performance.now() - startedAt);
  const backMs = await scene.untilCommitted();
  return { figures: { brokers_start_ms: startMs, back_ms: backMs }, failures: await scene.failures() };
}

/** The role is there, and answers nothing. */
async function standingStill(scene: FaultScene, role: RoleName, forMs: number): Promise<number> {
  const pid = scene.deployment.core.pidOf(role);
  if (pid === undefined) throw new Error(`${role} does not run`);
  process.kill(pid, 'SIGSTOP');
  await sleep(forMs);
  process.kill(pid, 'SIGCONT');
  return scene.untilCommitted();
}

async function slowPeers({ slowMs }: FaultDurations): Promise<FaultReport> {
  await using scene = await FaultScene.open({ brokers: { brokers: 1 } });
  await scene.untilCommitted();
  const storageBackMs = await standingStill(scene, 'storage', slowMs);
  const afterStorage = await scene.failures();
  const keysBackMs = await standingStill(scene, 'keys', slowMs);
  return { figures: { after_storage_ms: storageBackMs, after_keys_ms: keysBackMs }, failures: [...afterStorage, ...(await scene.failures())] };
}

async function rebalances({ rebalancesMs }: FaultDurations): Promise<FaultReport> {
  await using scene = await FaultScene.open({ brokers: { brokers: 1 } });
  await scene.untilCommitted();
  const kafka = foreignClient(scene.brokers.bootstrap);
  const untilMs = performance.now() + rebalancesMs;
  let joins = 0;
  let longestMs = 0;
  const progress = (async () => {
    while (performance.now() < untilMs) longestMs = Math.max(longestMs, await scene.untilCommitted());
  })();
  while (performance.now() < untilMs) {
    for (const topic of ['blocks', 'observations']) {
      // A member that is given partitions, does nothing for them, and goes.
      await using _member = await openOwnership(kafka, { groupId: `tourniquet.${topic}-workers`, topic: `tourniquet.${topic}`, partitions: 4, sessionTimeoutMs: 6_000 });
      joins += 1;
      await sleep(700);
    }
    await sleep(1_000);
  }
  await progress;
  return { figures: { joins, longest_wait_of_all_partitions_ms: longestMs }, failures: await scene.failures() };
}

async function cutNetwork({ cutMs }: FaultDurations): Promise<FaultReport> {
  await using route = await CuttableRoute.open();
  const [brokerHost, storeHost] = route.addresses;
  await using scene = await FaultScene.open({ brokers: { brokers: 1, host: brokerHost }, deployment: { host: storeHost, firstWorkerPrefix: route.prefix } });
  await scene.untilCommitted();
  await until(() => scene.worker(0).partitions.length === 2, SEEN_WITHIN_MS);
  const owned = scene.worker(0).partitions;
  const fromBroker = route.cut(brokerHost).then(() => sleep(cutMs)).then(() => route.mend(brokerHost));
  const takeoverMs = await scene.untilCommitted(owned);
  await fromBroker;
  const sharedAgain = await until(() => scene.worker(0).partitions.length === 2 && scene.worker(1).partitions.length === 2, SEEN_WITHIN_MS);
  const afterBroker = await scene.failures();
  const behind = scene.worker(0).partitions;
  await route.cut(storeHost);
  await sleep(cutMs);
  await route.mend(storeHost);
  const storeBackMs = await scene.untilCommitted(behind);
  return {
    figures: { cut_from_broker_takeover_ms: takeoverMs, cut_from_store_back_ms: storeBackMs },
    failures: [...(sharedAgain ? [] : ['the worker that was cut off took no part again']), ...afterBroker, ...(await scene.failures())],
  };
}

export const FAULTS: readonly Fault[] = [
  { title: 'network between a worker and the broker, then the store, black-holed', needsRoot: true, inTests: true, run: cutNetwork },
  { title: 'a broker with a full disk, then all', needsRoot: true, inTests: true, run: fullDisks },
  { title: 'all brokers killed and started together', needsRoot: false, inTests: false, run: brokersTogether },
  { title: 'storage, then keys, standing still', needsRoot: false, inTests: true, run: slowPeers },
  { title: 'a rebalance every few seconds', needsRoot: false, inTests: true, run: rebalances },
];
