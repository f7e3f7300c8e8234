import process from 'node:process';
import { LEVELS } from '../../contracts/pack.ts';
import type { Engine } from '../../detect/engine.ts';
import { rulesOfItem } from './catalogue-items.ts';
import { paging } from './paging.ts';
import { SITES } from './sites.ts';
import type { Story } from './story.ts';
import { timeline } from './timeline.ts';
import type { Placed, TimelineOptions } from './timeline.ts';
import { createWatch } from './watch.ts';
import type { Finding } from './watch.ts';

/** How one story went. */
export interface StoryResult {
  readonly story: Story;
  /** The truth: events of the attack, and persons read by it. */
  readonly events: readonly string[];
  readonly subjects: readonly string[];
  /** Of these persons those whom events name that findings rest on. */
  readonly named: number;
  /** Of its items those of which no rule matched at level low or above; `an alert` when none was raised. */
  readonly missed: readonly string[];
  /** Rules that raised an alert which rests on the attack. */
  readonly alerts: readonly string[];
  /** Alerts that rest on the look-alike and on no attack. */
  readonly lookAlikeAlerts: readonly Finding[];
}

export interface Verdict {
  readonly stories: readonly StoryResult[];
  /** Alerts that would page somebody and rest on everyday traffic alone. */
  readonly falseAlerts: readonly Finding[];
  readonly siteDays: number;
  readonly backgroundEvents: number;
  readonly events: number;
  /** Of finding, without telling the stories. */
  readonly cpuSeconds: number;
}

const LEAST_LEVEL = LEVELS.indexOf('low');

/** Stories whose attack or look-alike the finding rests on. */
function culprits({ evidence }: Finding, kind: 'attack' | 'look-alike'): ReadonlySet<Story> {
  return new Set(evidence.flatMap(({ part }) => (part.kind === kind ? [part.story] : [])));
}

interface Tally {
  readonly events: string[];
  readonly subjects: Set<string>;
  readonly named: Set<string>;
  readonly fired: Set<string>;
  readonly alerts: Set<string>;
  readonly lookAlikeAlerts: Finding[];
}

type Tallies = ReadonlyMap<Story, Tally>;

function resultOf(story: Story, { events, subjects, named, fired, alerts, lookAlikeAlerts }: Tally): StoryResult {
  const missed = story.items.filter((item) => !rulesOfItem(item).some((rule) => fired.has(rule)));
  return { story, events, subjects: [...subjects], named: named.size, missed: alerts.size === 0 ? [...missed, 'an alert'] : missed, alerts: [...alerts], lookAlikeAlerts: paging(lookAlikeAlerts) };
}

/** The truth about one event, as far as a story has it. */
function note(tallies: Tallies, { part, id, reads }: Placed): void {
  if (part.kind !== 'attack') return;
  const tally = tallies.get(part.story);
  tally?.events.push(id);
  for (const subject of reads) tally?.subjects.add(subject);
}

/** Counts a finding for the stories it rests on; false when it is an alert that rests on everyday traffic alone. */
function weigh(tallies: Tallies, finding: Finding): boolean {
  const attacks = culprits(finding, 'attack');
  for (const { part, reads } of finding.evidence) if (part.kind === 'attack') for (const subject of reads) tallies.get(part.story)?.named.add(subject);
  for (const story of attacks) {
    if (LEVELS.indexOf(finding.level) >= LEAST_LEVEL) tallies.get(story)?.fired.add(finding.rule);
    if (finding.alert !== undefined) tallies.get(story)?.alerts.add(finding.rule);
  }
  if (attacks.size > 0 || finding.alert === undefined) return true;
  const lookAlikes = culprits(finding, 'look-alike');
  for (const story of lookAlikes) tallies.get(story)?.lookAlikeAlerts.push(finding);
  return lookAlikes.size > 0;
}

/** Runs days of all sites with the stories in them past the engine, and holds what it finds against the truth. */
export function judgeStories(engine: Engine, stories: readonly Story[], options: TimelineOptions): Verdict {
  const tallies: Tallies = new Map(stories.map((story) => [story, { events: [], subjects: new Set(), named: new Set(), fired: new Set(), alerts: new Set(), lookAlikeAlerts: [] }]));
  const falseAlerts: Finding[] = [];
  const watch = createWatch(engine);
  let [events, backgroundEvents, cpuMicros] = [0, 0, 0];
  const weighed = (look: () => readonly Finding[]): void => {
    const before = process.cpuUsage();
    const findings = look();
    const { user, system } = process.cpuUsage(before);
    cpuMicros += user + system;
    falseAlerts.push(...findings.filter((finding) => !weigh(tallies, finding)));
  };
  for (const day of timeline(stories, options)) {
    events += day.length;
    backgroundEvents += day.filter(({ part }) => part.kind === 'background').length;
    for (const event of day) note(tallies, event);
    weighed(() => watch.see(day));
  }
  weighed(() => watch.finish());
  return {
    stories: Array.from(tallies, ([story, tally]) => resultOf(story, tally)),
    falseAlerts: paging(falseAlerts), siteDays: SITES.length * options.days, backgroundEvents, events, cpuSeconds: cpuMicros / 1e6,
  };
}
