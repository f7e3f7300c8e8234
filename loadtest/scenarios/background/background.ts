import { DAY, FIRST_DAY, isWorkday, randomOf } from '../clock.ts';
import type { ScenarioEvent } from '../scenario-event.ts';
import type { Site } from '../site.ts';
import { assistant } from './assistant.ts';
import { buyers } from './buyers.ts';
import { changes } from './changes.ts';
import { machines } from './machines.ts';
import { robots } from './robots.ts';
import { scanners } from './scanners.ts';
import { staffWork } from './staff.ts';
import { visitors } from './visitors.ts';

export interface BackgroundOptions {
  readonly seed: number;
  /** Page views of visitors on a working day; the rest of the day's events grows with them, up to a point. */
  readonly views: number;
  /** Without the scanners that come by everywhere, and without changes that an owner makes once in a while. */
  readonly calm?: boolean;
}

const USUAL_VIEWS = 1_000;

/** The events of a site on its `index`-th day, from 0, in order of time: the same for the same seed, site and day. */
export function backgroundOf(site: Site, index: number, { seed, views, calm = false }: BackgroundOptions): readonly ScenarioEvent[] {
  const day = FIRST_DAY + index * DAY;
  const random = (part: string) => randomOf(seed, site.name, index, part);
  const busy = isWorkday(day) ? 1 : 0.7;
  const share = Math.min(1, views / USUAL_VIEWS);
  const events = [
    ...visitors(site, day, Math.ceil(views * busy), random('visitors')),
    ...buyers(site, day, Math.ceil(20 * share * busy), random('buyers')),
    ...staffWork(site, day, share, random('staff')),
    ...machines(site, day, random('machines')),
    ...robots(site, day, share, random('robots')),
    ...(calm ? [] : [...scanners(site, day, random('scanners')), ...changes(site, day, random('changes'))]),
    ...assistant(site, day, share, random('assistant')),
  ];
  return events.toSorted((a, b) => a.at - b.at);
}
