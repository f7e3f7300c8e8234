import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../../contracts/seeded-random.ts';
import type { BrokerCluster } from '../../ingest/kafka/test-broker/broker-cluster.ts';
import type { RoleName } from '../../roles/run-file.ts';
import type { ChainSource } from '../kafka/chain-source.ts';
import type { Deployment } from '../kafka/deployment.ts';
import type { Unit } from '../kafka/unit.ts';

/** One thing that can die or stand still. What is done to it is over when the promise resolves: then it is back, or on its way. */
export interface KafkaVictim {
  readonly name: string;
  /** kill -9, back after so long. */
  kill(awayMs: number): Promise<void>;
  /** SIGSTOP, SIGCONT after so long. */
  pause(stillMs: number): Promise<void>;
}

/** A role starts only when what it needs is there: brokers, keys, store, each of which may be away just then. */
const THERE_WITHIN_MS = 120_000;

/** Brokers, units as a whole, each role's process alone, and the shippers. */
export function kafkaVictims(brokers: BrokerCluster, deployment: Deployment, chains: readonly ChainSource[]): readonly KafkaVictim[] {
  return [
    ...brokers.brokers.map((_, i) => brokerVictim(brokers, i)),
    ...[...deployment.gateways, ...deployment.workers].map(unitVictim),
    ...deployment.units.flatMap((unit) => unit.roles.map((role) => roleVictim(unit, role))),
    ...chains.map(chainVictim),
  ];
}

function brokerVictim(brokers: BrokerCluster, i: number): KafkaVictim {
  return {
    name: `broker ${i}`,
    async kill(awayMs) {
      await brokers.kill(i);
      await sleep(awayMs);
      await brokers.start(i);
    },
    async pause(stillMs) {
      brokers.pause(i);
      await sleep(stillMs);
      brokers.resume(i);
    },
  };
}

function unitVictim(unit: Unit): KafkaVictim {
  return {
    name: `machine of ${unit.name}`,
    async kill(awayMs) {
      unit.die();
      await sleep(awayMs);
      unit.start();
      await unit.untilUp();
    },
    async pause(stillMs) {
      unit.signal('SIGSTOP');
      await sleep(stillMs);
      unit.signal('SIGCONT');
    },
  };
}

/** Its supervisor, or what stands for one, brings it back. */
function processVictim(name: string, pid: () => number | undefined): KafkaVictim {
  const send = async (signal: 'SIGKILL' | 'SIGSTOP'): Promise<number> => {
    const deadline = performance.now() + THERE_WITHIN_MS;
    while (performance.now() < deadline) {
      const now = pid();
      if (now !== undefined && signalTo(now, signal)) return now;
      await sleep(20);
    }
    throw new Error(`${name} did not come back within ${THERE_WITHIN_MS / 1000} s`);
  };
  return {
    name,
    async kill() {
      await send('SIGKILL');
    },
    async pause(stillMs) {
      const stopped = await send('SIGSTOP');
      await sleep(stillMs);
      signalTo(stopped, 'SIGCONT');
    },
  };
}

function roleVictim(unit: Unit, role: RoleName): KafkaVictim {
  return processVictim(`${role} of ${unit.name}`, () => unit.pidOf(role));
}

function chainVictim(chain: ChainSource): KafkaVictim {
  return processVictim(`send to ${chain.site}`, () => chain.pid);
}

/** False when it has ended. */
function signalTo(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    return false;
  }
}

/** How many brokers may be away or still at once: above, nothing is acknowledged, which is a fault of its own now and then. */
export function mostBrokersAway(random: Random): number {
  return random.chance(0.15) ? 3 : 1;
}
