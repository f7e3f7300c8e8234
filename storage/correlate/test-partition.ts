import { createLogDisk, openMemoryLog } from '../../contracts/memory-log.ts';
import { runSteps } from '../commit/stepped-run.ts';
import { createVirtualClock } from '../commit/virtual-clock.ts';
import { createCorrelator } from './correlator.ts';
import type { CorrelatorStatus } from './correlator.ts';
import type { CorrelatorDeps, CorrelatorEvent } from './correlator-deps.ts';
import { CONFIG, noSeal, observation, observationRecord, openPlain, trailOf } from './correlator-fixture.ts';
import type { Trail } from './correlator-fixture.ts';
import { parseSnapshot } from './correlator-state.ts';
import type { KeyedSnapshot } from './correlator-state.ts';
import { createToyKeyedStage } from './toy-keyed-stage.ts';

/** Nobody knows up to when everything was observed. */
export const NO_HORIZON = { read: async () => 0 };

/** A partition of observations on fakes, and a way to run a correlator on it until it has nothing left to do. */
export function createPartition() {
  const disk = createLogDisk(1);
  const clock = createVirtualClock(Date.UTC(2026, 10, 21));
  const log = openMemoryLog(disk, undefined, clock.sleep);
  const events: CorrelatorEvent[] = [];
  let leaf = 0;
  /** One group of one observation of the value. */
  async function tell(value: string, first: number, { partition = 0, rules = 'r1', site = 'shop' } = {}): Promise<void> {
    leaf += 1;
    await log.observations.appendTo(0, String(partition), await observationRecord({ partition, first, last: first, rules }, [observation(value, leaf, site)], clock.nowMs()));
  }
  async function work(change: Partial<CorrelatorDeps> = {}, steps = 60): Promise<CorrelatorStatus> {
    const correlator = createCorrelator({ partition: 0, log, open: openPlain, seal: noSeal, stage: createToyKeyedStage(), horizon: NO_HORIZON, clock, config: CONFIG, onEvent: (e) => events.push(e), ...change });
    await runSteps((signal) => correlator.run(signal), clock, steps);
    return correlator.status();
  }
  const trail = async (): Promise<Trail> => trailOf(await log.read(0, 0, { maxRecords: 1e6, maxBytes: 1e9 }));
  const snapshots = async (): Promise<readonly KeyedSnapshot[]> => (await log.control.read(0, 1e6)).filter((e) => e.key === 'keyed/0').map((e) => parseSnapshot(e.value, ''));
  const types = (): readonly string[] => events.map((e) => e.type);
  return { disk, clock, log, events, tell, work, trail, snapshots, types };
}

export async function tellMany({ tell }: ReturnType<typeof createPartition>, from: number, to: number): Promise<void> {
  for (let i = from; i < to; i++) await tell('a', i);
}
