import type { Scene } from './scene.ts';
import type { ScenarioEvent } from './scenario-event.ts';

/** Events of a story, in whatever order and nesting reads best. */
export type Events = readonly (ScenarioEvent | Events)[];

/** What looks like the attack to a careless rule: no alert may come of it. */
export interface LookAlike {
  readonly title: string;
  events(scene: Scene): Events;
}

/** An attack over hours or days of one site, with all that is true of it. */
export interface Story {
  /** Of its file; events are named after it. */
  readonly name: string;
  readonly title: string;
  /**
   * What of the catalogue it tells, as `<group>.<item>`: of each at least one rule has to match events of the attack at
   * level low or above, and one alert at least has to be raised.
   */
  readonly items: readonly string[];
  /** The site's name. */
  readonly site: string;
  /** The attack alone: the site's own traffic goes on around it. */
  attack(scene: Scene): Events;
  readonly lookAlike: LookAlike;
}

export function eventsOf(events: Events): readonly ScenarioEvent[] {
  // Flattened to the bottom, nothing but events is left.
  return events.flat(Infinity as 1) as readonly ScenarioEvent[];
}
