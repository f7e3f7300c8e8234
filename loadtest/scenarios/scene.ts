import type { Random } from '../../contracts/seeded-random.ts';
import { CURL, DESKTOPS, PYTHON } from './agents.ts';
import { staffClient } from './background/staff.ts';
import { visitor } from './background/visitors.ts';
import { DAY, FIRST_DAY, HOUR, MINUTE, randomOf, word } from './clock.ts';
import { customerClient, customerOf, customersFrom } from './customer.ts';
import type { Customer } from './customer.ts';
import { act, phpLog, request } from './scenario-event.ts';
import type { Act, Answer, Fields, ScenarioEvent } from './scenario-event.ts';
import type { Client, Duty, Site } from './site.ts';
import { siteOf } from './sites.ts';

const UNITS = { s: 1_000, m: MINUTE, h: HOUR, d: DAY } as const;
type Duration = `${number}${keyof typeof UNITS}`;

/** How far a step may be drawn out, as a share of it. */
const UNEVEN = 0.3;

function ms(duration: Duration): number {
  // The type says which units there are.
  return Number(duration.slice(0, -1)) * UNITS[duration.slice(-1) as keyof typeof UNITS];
}

/** `known`: whether the site has called the host for a week and longer. */
export interface Call {
  readonly host: string;
  readonly plugin: string;
  readonly known: boolean;
}

function promptFields({ assistant }: Site, where: 'local' | 'cloud'): Fields {
  const policy = { 'wordpress.plugin.slug': assistant.plugin, 'wordpress.ai.location': where, 'wordpress.ai.policy': 'local' };
  return where === 'local' ? { 'destination.domain': assistant.host, ...policy } : {
    'destination.domain': 'api.openai.com', 'wordpress.outbound.known': false, 'wordpress.outbound.region': 'outside', ...policy,
  };
}

function callFields({ host, plugin, known }: Call): Fields {
  return { 'destination.domain': host, 'wordpress.plugin.slug': plugin, 'wordpress.outbound.known': known };
}

/** What a story is told with: a site, its days, its people, and who comes from outside. */
export interface Scene {
  readonly site: Site;
  readonly random: Random;
  /** Unix ms of a clock time, UTC, on the story's first day or so many days later. */
  at(clock: `${number}:${number}`, day?: number): number;
  /** What the WordPress plugin saw. */
  act(at: number, what: `${string}/${string}`, who: Partial<Client>, fields?: Fields, about?: Omit<Act, 'fields'>): ScenarioEvent;
  /** A line of the access log. */
  request(at: number, who: Client, target: string, answer?: Answer): ScenarioEvent;
  /** Something asked of a model: the site's own, or a cloud's that it must not use. */
  prompt(at: number, who: Partial<Client>, where: 'local' | 'cloud', fields?: Fields, about?: Omit<Act, 'fields'>): ScenarioEvent;
  /** A plugin calls a host. */
  call(at: number, to: Call, fields?: Fields, about?: Omit<Act, 'fields'>): ScenarioEvent;
  phpLog(at: number, message: string, dataset?: 'wordpress.debug' | 'php.error'): ScenarioEvent;
  /** So many times, the first at `from`, each about so long after the one before. */
  every(from: number, step: Duration, times: number, make: (at: number, i: number) => ScenarioEvent | readonly ScenarioEvent[]): readonly ScenarioEvent[];
  /** Somebody unknown, at an address of the story's own. The same number is the same machine. */
  stranger(number?: number, agent?: string): Client;
  /** An ordinary visitor. */
  visitor(): Client;
  /** Somebody of the staff, logged in. */
  staff(duty: Duty, place?: 'office' | 'home'): Client;
  /** The same account in the hands of a stranger. */
  stolen(duty: Duty, stranger: Client): Client;
  customer(number: number): Customer;
  /** So many customers, beside each other from number `first` (1) on. */
  customers(count: number, first?: number): readonly Customer[];
  customerClient(number: number): Client;
  /** Letters and digits. */
  word(length: number, from?: string): string;
  /** The same on another site. */
  on(site: string): Scene;
}

export const TOOLS = { browser: DESKTOPS[0] ?? '', curl: CURL, script: PYTHON } as const;

/** `network`: an address range for the strangers of this story alone, 0 to 255. `start`: index of the first day. */
export function createScene(site: Site, name: string, { seed, start, network }: { readonly seed: number; readonly start: number; readonly network: number }): Scene {
  const random = randomOf(seed, name, 'scene');
  const sessions = new Map<string, string>();
  const sessionOf = (who: string): string => {
    const known = sessions.get(who) ?? word(random, 24, 'abcdefghijklmnop');
    sessions.set(who, known);
    return known;
  };
  const member = (duty: Duty) => {
    const found = site.staff.find((one) => one.duty === duty);
    if (found === undefined) throw new RangeError(`${site.name} has no ${duty}`);
    return found;
  };
  return {
    site, random,
    at(clock, day = 0) {
      const [hours = 0, minutes = 0] = clock.split(':').map(Number);
      return FIRST_DAY + (start + day) * DAY + hours * HOUR + minutes * MINUTE;
    },
    act: (at, what, who, fields = {}, about = {}) => act(site, at, what, who, { ...about, fields }),
    request: (at, who, target, answer) => request(site, at, who, target, answer),
    prompt: (at, who, where, fields = {}, about = {}) => act(site, at, 'ai/prompt-sent', who, { ...about, fields: { ...promptFields(site, where), ...fields } }),
    call: (at, to, fields = {}, about = {}) => act(site, at, 'outbound/http-request', {}, { ...about, fields: { ...callFields(to), ...fields } }),
    phpLog: (at, message, dataset) => phpLog(site, at, message, dataset),
    every: (from, step, times, make) => Array.from({ length: times }, (_, i) => make(from + Math.round((i + (i === 0 ? 0 : random() * UNEVEN)) * ms(step)), i)).flat(),
    stranger: (number = 0, agent = TOOLS.browser) => ({ ip: `2001:db8:bad:${network.toString(16)}::${(number + 1).toString(16)}`, agent }),
    visitor: () => visitor(random),
    staff: (duty, place = 'office') => staffClient(member(duty), sessionOf(duty), place),
    stolen: (duty, stranger) => ({ ...staffClient(member(duty), sessionOf(`stolen ${duty}`)), ip: stranger.ip, agent: stranger.agent }),
    customer: customerOf,
    customers: (count, first = 1) => customersFrom(first, count),
    customerClient: (number) => customerClient(customerOf(number), sessionOf(`customer ${number}`)),
    word: (length, from) => word(random, length, from),
    on: (other) => createScene(siteOf(other), name, { seed, start, network }),
  };
}
