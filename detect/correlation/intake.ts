import { BY_SITE } from '../../contracts/observation.ts';
import type { Observation } from '../../contracts/observation.ts';
import { openWindow } from './closed.ts';
import type { Mark } from './entries.ts';
import type { CorrelationFinding } from './finding.ts';
import { groupKeys, marksOf } from './forest.ts';
import type { CorrelationNode, Link, ReadField } from './forest.ts';
import { enter } from './group.ts';
import { findingOf } from './held.ts';
import type { Held } from './held.ts';
import { groupOf, makeRoom, resized, shelfOf } from './memory.ts';
import type { Memory } from './memory.ts';
import { SITE_FIELD } from './observed-text.ts';
import { prune, reachedBy } from './reached.ts';
import type { Clock, Shelf } from './shelf.ts';

/** What is put into a correlation: an observation, or a finding of another correlation. */
export interface Input {
  readonly read: ReadField;
  readonly at: number;
  readonly site: string;
  readonly leaf: number;
  readonly late: boolean;
  /** The one group that is looked at here; undefined: all. */
  readonly onlyGroup: string | undefined;
  /** What it is counted as once. */
  readonly finding: () => string;
}

/** Reads the observation it was shown last. One serves all: two closures for each would be most of the garbage. */
export interface ObservationReader {
  show(observation: Observation): void;
  readonly read: ReadField;
  /** What the observation is counted as once. */
  readonly finding: () => string;
}

export function createObservationReader(): ObservationReader {
  let shown: Pick<Observation, 'site' | 'leaf' | 'rule' | 'fields'> = { site: '', leaf: 0, rule: '', fields: {} };
  return {
    show: (observation) => void (shown = observation),
    read: (field) => (field === SITE_FIELD ? shown.site : Object.hasOwn(shown.fields, field) ? shown.fields[field] : undefined),
    finding: () => `${shown.site}/${shown.leaf}/${shown.rule}`,
  };
}

/** `at`: its time, whole Unix ms. Good until the reader is shown the next one. */
export function observationInput(reader: ObservationReader, observation: Observation, clock: Clock, at: number, late: boolean): Input {
  const { by, value, site, leaf } = observation;
  reader.show(observation);
  return { read: reader.read, at, site: clock.site === '' ? site : clock.site, leaf, late, onlyGroup: by === BY_SITE ? undefined : value, finding: reader.finding };
}

function findingInput({ id, group, timestamp, evidence, late }: CorrelationFinding, clock: Clock, key: string): Input {
  const last = evidence.at(-1);
  // A finding about several sites has none.
  const read: ReadField = (field) => (Object.hasOwn(group, field) ? group[field] : field === SITE_FIELD && clock.site !== '' ? clock.site : undefined);
  return { read, at: timestamp, site: last?.site ?? '', leaf: last?.leaf ?? 0, late, onlyGroup: clock.by === BY_SITE ? undefined : key, finding: () => id };
}

/** Puts it into each of its groups. Adds to `found` what that completes, there and in correlations of findings. */
export function take(memory: Memory, link: Link, clock: Clock, input: Input, found: CorrelationFinding[]): void {
  const { node } = link;
  if (input.late && !node.test.reached && input.at < clock.passedMs - node.delayMs) return;
  const keys = groupKeys(link, input.read);
  if (keys.length === 0) return;
  const marks = marksOf(link, input.read, input.finding);
  for (const key of keys) {
    if (input.onlyGroup !== undefined && input.onlyGroup !== key) continue;
    for (const mark of marks) put(memory, node, clock, key, mark, input, found);
  }
}

function put(memory: Memory, node: CorrelationNode, clock: Clock, key: string, mark: Mark, { at, leaf, site, late }: Input, found: CorrelationFinding[]): void {
  const shelf = shelfOf(memory, clock, node);
  const group = groupOf(memory, shelf, key);
  const { reached, bytes } = group;
  group.seenS = Math.ceil(memory.seenMs / 1_000);
  let held: readonly Held[] = NOTHING;
  if (reached === undefined) {
    enter(group, at, leaf, mark, site);
    openWindow(memory, shelf, group);
  } else {
    prune(shelf, group, reached, at);
    held = reachedBy(shelf, group, reached, enter(group, at, leaf, mark, site));
  }
  resized(memory, shelf, group.bytes - bytes);
  makeRoom(memory, shelf, group);
  for (const window of held) tell(memory, shelf, key, window, late, found);
}

const NOTHING: readonly Held[] = [];

/** Tells people of a window, and the correlations that count it. */
export function tell(memory: Memory, shelf: Shelf, key: string, held: Held, late: boolean, found: CorrelationFinding[]): void {
  const { node, clock } = shelf;
  const finding = findingOf(shelf, key, held, late);
  if (held.told) found.push(finding);
  if (!held.passedOn) return;
  const input = findingInput(finding, clock, key);
  for (const link of node.users) take(memory, link, clock, input, found);
}
