import { hash } from 'node:crypto';
import { TOKEN_LETTERS } from '../../contracts/token.ts';
import type { Random } from '../../contracts/seeded-random.ts';
import { backgroundOf } from '../scenarios/background/background.ts';
import { DAY, FIRST_DAY, HOUR, MINUTE, randomOf } from '../scenarios/clock.ts';
import { createScene } from '../scenarios/scene.ts';
import type { Fields, ScenarioEvent } from '../scenarios/scenario-event.ts';
import { siteOf } from '../scenarios/sites.ts';
import { eventsOf } from '../scenarios/story.ts';
import { MOST_NAMED } from './breach-story.ts';
import type { Ask, BreachStory } from './breach-story.ts';
import { everyday } from './everyday.ts';
import { otherBreach } from './other-breach.ts';

/** An event as it reached us. Its place in the list is its leaf. */
export interface Arrived {
  readonly source: ScenarioEvent;
  readonly part: 'breach' | 'decoy' | 'background';
  readonly receivedAtMs: number;
  readonly provenance: 'plugin' | 'gateway';
  /** As shipped. */
  readonly event: Fields;
}

/** Days of a site with one breach in them, in order of receipt. */
export interface World {
  readonly story: BreachStory;
  readonly seed: number;
  readonly site: string;
  readonly arrived: readonly Arrived[];
  readonly asks: readonly Ask[];
  /** Unix ms: what an analyst would ask for. */
  readonly fromMs: number;
  readonly toMs: number;
}

const DAYS = 6;
/** Day of the breach, so that there are days before to take habits from. */
const START = 2;
const VIEWS = 60;
/** An access log's events come as plain lines. */
const PLAIN = 'nginx.access';

/** A token as the site's key would make one: of the same person always the same. */
export function tokenOfSubject(subject: string): string {
  const bytes = hash('sha256', `breaches\n${subject}`, 'buffer');
  return Array.from(bytes.subarray(0, TOKEN_LETTERS / 2), (byte) => String.fromCharCode(97 + (byte >> 4), 97 + (byte & 15))).join('');
}

function shipped({ event, reads }: ScenarioEvent): Fields {
  return reads.length === 0 || !isAudit(event) ? event : { ...event, subjects: reads.slice(0, MOST_NAMED).map((subject) => ({ type: 'customer', token: tokenOfSubject(subject), jurisdiction: 'DE' })) };
}

function isAudit(event: Fields): boolean {
  const { event: about } = event;
  return typeof about === 'object' && about !== null && 'dataset' in about && about.dataset !== PLAIN;
}

/** Some hours of the site that reach us long after: whoever ships them was cut off. */
function outage(random: Random, fromMs: number): (atMs: number) => number {
  const from = fromMs + random.below(3 * HOUR) - HOUR;
  const lateMs = HOUR + random.below(20 * HOUR);
  return (atMs) => (atMs >= from && atMs < from + 5 * HOUR ? lateMs : 0);
}

/** The same for the same story and seed. */
export function worldOf(story: BreachStory, seed: number): World {
  const site = siteOf(story.site);
  const random = randomOf(seed, story.name, 'world');
  const scene = (name: string, network: number) => createScene(site, `${story.name}/${name}`, { seed, start: START, network });
  const told = story.tell(scene('breach', 2 * (seed % 100)));
  const breach = eventsOf(told.breach);
  const decoys = [...eventsOf(told.decoys), ...otherBreach(scene('other', 2 * (seed % 100) + 1)), ...everyday(scene('everyday', 255))];
  const background = Array.from({ length: DAYS }, (_, day) => backgroundOf(site, day, { seed, views: VIEWS })).flat();
  const times = breach.map(({ at }) => at);
  const fromMs = Math.min(...times) - 10 * MINUTE;
  const late = outage(random, fromMs);
  const arrive = (part: Arrived['part']) => (source: ScenarioEvent): Arrived => {
    // Blocks leave every few minutes, and not always in order.
    const receivedAtMs = source.at + 1_000 + random.below(4 * MINUTE) + late(source.at);
    return { source, part, receivedAtMs, provenance: isAudit(source.event) ? 'plugin' : 'gateway', event: shipped(source) };
  };
  const arrived = [...breach.map(arrive('breach')), ...decoys.map(arrive('decoy')), ...background.map(arrive('background'))].toSorted((a, b) => a.receivedAtMs - b.receivedAtMs);
  return { story, seed, site: site.name, arrived, asks: told.asks, fromMs, toMs: Math.max(Math.max(...times) + HOUR, FIRST_DAY + (START + 1) * DAY) };
}

/** The same world, but for everybody using the same browser: whoever tells people apart by it is lost. */
export function withOneProgram(world: World): World {
  return { ...world, arrived: world.arrived.map((one) => ({ ...one, event: { ...one.event, user_agent: { original: 'Mozilla/5.0' } } })) };
}

/** Tokens of everybody the breach touched in the window, as the question means it. */
export function truthOf({ arrived, fromMs, toMs }: World, { alsoOf }: Ask): ReadonlySet<string> {
  const own = arrived.filter(({ part, event, source }) => source.at >= fromMs && source.at < toMs && (part === 'breach' || (alsoOf !== undefined && userOf(event) === alsoOf)));
  return new Set(own.filter(({ event }) => isAudit(event)).flatMap(({ source }) => source.reads.map(tokenOfSubject)));
}

function userOf({ user }: Fields): unknown {
  return typeof user === 'object' && user !== null && 'name' in user ? user.name : undefined;
}
