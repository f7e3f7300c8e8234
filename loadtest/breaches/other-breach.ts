import type { ScenarioEvent } from '../scenarios/scenario-event.ts';
import type { Scene } from '../scenarios/scene.ts';
import { exported, loggedIn } from './breach-story.ts';

/** Another thief on the same site in the same night, who has nothing to do with the first. */
export function otherBreach(s: Scene): readonly ScenarioEvent[] {
  const thief = s.stolen('bookkeeper', s.stranger(7));
  return [loggedIn(s, s.at('2:20'), thief), ...exported(s, s.at('2:40'), 'data_export/customers-exported', thief, s.customers(90, 2_700))];
}
