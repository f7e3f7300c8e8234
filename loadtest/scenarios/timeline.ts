import { backgroundOf } from './background/background.ts';
import type { BackgroundOptions } from './background/background.ts';
import { DAY, FIRST_DAY } from './clock.ts';
import type { ScenarioEvent } from './scenario-event.ts';
import { createScene } from './scene.ts';
import { SITES, siteOf } from './sites.ts';
import { eventsOf } from './story.ts';
import type { Story } from './story.ts';

/** Whose an event is: of everyday traffic, of a story's attack, or of its look-alike. */
export type Part = { readonly kind: 'background' } | { readonly kind: 'attack' | 'look-alike'; readonly story: Story };

/** An event in its place among all others. */
export interface Placed extends ScenarioEvent {
  readonly part: Part;
  /** Names it in the truth: `<story>/<index>`, with `look-alike/` between; empty for background. */
  readonly id: string;
}

const BACKGROUND: Part = { kind: 'background' };
/** Stories begin on Tuesday to Thursday, when some background has been seen and days are left to go on. */
const FIRST_STARTS = [1, 2, 3] as const;

/** A story's events, told apart: the attack's truth is their ids and whom they read. */
export function placed(story: Story, index: number, seed: number): readonly Placed[] {
  const of = (kind: 'attack' | 'look-alike', network: number): readonly Placed[] => {
    const scene = createScene(siteOf(story.site), `${story.name}/${kind}`, { seed, start: FIRST_STARTS[index % FIRST_STARTS.length] ?? 1, network });
    const events = eventsOf(kind === 'attack' ? story.attack(scene) : story.lookAlike.events(scene)).toSorted((a, b) => a.at - b.at);
    return events.map((event, i) => ({ ...event, part: { kind, story }, id: `${story.name}/${kind === 'attack' ? '' : 'look-alike/'}${i}` }));
  };
  return [...of('attack', 2 * index), ...of('look-alike', 2 * index + 1)];
}

export interface TimelineOptions extends BackgroundOptions {
  readonly days: number;
}

/** All sites' days with all stories in them, day by day, each in order of time. */
export function* timeline(stories: readonly Story[], { days, ...options }: TimelineOptions): Generator<readonly Placed[]> {
  const planted = Map.groupBy(stories.flatMap((story, i) => placed(story, i, options.seed)), ({ at }) => Math.floor((at - FIRST_DAY) / DAY));
  for (let day = 0; day < days; day++) {
    const background = SITES.flatMap((site) => backgroundOf(site, day, options).map((event): Placed => ({ ...event, part: BACKGROUND, id: '' })));
    yield [...background, ...(planted.get(day) ?? [])].toSorted((a, b) => a.at - b.at);
  }
}
