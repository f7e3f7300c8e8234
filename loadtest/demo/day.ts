import { seededRandom } from '../../contracts/seeded-random.ts';
import { backgroundOf } from './background.ts';
import { BREACH, breachLines } from './breach.ts';
import type { DemoBreach } from './breach.ts';
import type { DemoLine } from './line.ts';
import { SHOPS } from './shops.ts';
import { storiesOf } from './stories.ts';
import type { Story } from './stories.ts';

export interface DemoDay {
  readonly seed: number;
  /** Unix ms of its midnight, UTC. */
  readonly startMs: number;
  /** In the order of their times. */
  readonly lines: readonly DemoLine[];
  readonly stories: readonly Story[];
  readonly breach: DemoBreach;
}

/** One day of all shops, the planted stories among the background. `day`: Unix ms of its midnight, UTC. */
export function demoDay(seed: number, day: number, visitsPerShop: number): DemoDay {
  const random = seededRandom(seed);
  const stories = storiesOf(day, random);
  const background = SHOPS.flatMap((shop) => [...backgroundOf(shop, day, visitsPerShop, random)]);
  const lines = [...background, ...stories.flatMap((s) => s.lines), ...breachLines(day)].toSorted((a, b) => a.at - b.at);
  return { seed, startMs: day, lines, stories, breach: BREACH };
}
