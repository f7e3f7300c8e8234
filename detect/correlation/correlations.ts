import type { KeyedCounts } from '../../contracts/keyed-stage.ts';
import { BY_SITE } from '../../contracts/observation.ts';
import type { Observation } from '../../contracts/observation.ts';
import type { CorrelationRule } from '../sigma/rule.ts';
import { close, closeAll } from './closing.ts';
import type { CorrelationLimits } from './config.ts';
import type { CorrelationFinding } from './finding.ts';
import { createForest } from './forest.ts';
import type { Forest } from './forest.ts';
import { createObservationReader, observationInput, take } from './intake.ts';
import type { ObservationReader } from './intake.ts';
import { clockOf, createMemory, forgetOverNowAndThen, keepRules, passSilence, watermark } from './memory.ts';
import type { Memory } from './memory.ts';
import { restoreMemory, writtenMemory } from './snapshot.ts';
import type { MemorySnapshot } from './snapshot.ts';

/** Correlates observations in the order they come. What it says follows from what it was told alone, and never from a clock. */
export interface Correlations {
  /** From here on these rules hold. Rules that are the same, with all they rest on, go on with what they remember. */
  use(rules: readonly CorrelationRule[]): void;
  /** What the observation completes. `received_at` is what event times are clamped to, and what age is told by. */
  observe(observation: Observation): readonly CorrelationFinding[];
  /** As `KeyedRun.advance`. */
  advance(receivedAtMs: number): readonly CorrelationFinding[];
  /** Nothing more will come: all windows close. */
  finish(): readonly CorrelationFinding[];
  snapshot(): MemorySnapshot;
  counts(): KeyedCounts;
}

/** `rules`: each after those it refers to. Throws TQ-DETECT-07 when one cannot be done. */
export function createCorrelations(rules: readonly CorrelationRule[], limits: CorrelationLimits, snapshot?: MemorySnapshot): Correlations {
  let forest = createForest(rules);
  const memory = snapshot === undefined ? createMemory(limits) : restoreMemory(snapshot, limits, forest);
  const reader = createObservationReader();
  return {
    use(next) {
      forest = createForest(next);
      keepRules(memory, forest);
    },
    observe: (observation) => observe(memory, forest, reader, observation),
    advance(receivedAtMs) {
      memory.advancedMs = Math.max(memory.advancedMs, receivedAtMs);
      for (const clock of memory.waiting) passSilence(memory, clock);
      const found = closeAll(memory, (clock) => watermark(memory, clock));
      forgetOverNowAndThen(memory);
      return found;
    },
    finish: () => closeAll(memory, () => Infinity),
    snapshot: () => writtenMemory(memory),
    counts: () => ({ groups: memory.groups, bytes: memory.bytes, waiting: memory.open, late: memory.late, evicted: memory.evicted }),
  };
}

function observe(memory: Memory, forest: Forest, reader: ObservationReader, observation: Observation): readonly CorrelationFinding[] {
  const { by, site, timestamp, received_at, rule } = observation;
  const links = forest.get(by)?.links.get(rule);
  const at = Math.floor(Math.min(timestamp, received_at));
  if (links === undefined || !Number.isFinite(at)) return NOTHING;
  memory.seenMs = Math.max(memory.seenMs, received_at);
  const clock = clockOf(memory, by, by === BY_SITE ? site : '');
  const late = at < watermark(memory, clock);
  if (late) memory.late++;
  clock.newestMs = Math.max(clock.newestMs, at);
  clock.receivedMs = Math.max(clock.receivedMs, received_at);
  forgetOverNowAndThen(memory);
  const found: CorrelationFinding[] = [];
  close(memory, clock, watermark(memory, clock), found);
  const input = observationInput(reader, observation, clock, at, late);
  for (const link of links) take(memory, link, clock, input, found);
  return found;
}

const NOTHING: readonly never[] = [];
