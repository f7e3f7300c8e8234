import type { SeedKind } from '../../contracts/scope.ts';
import type { Customer } from '../scenarios/customer.ts';
import type { Fields, ScenarioEvent } from '../scenarios/scenario-event.ts';
import type { Scene } from '../scenarios/scene.ts';
import type { Client } from '../scenarios/site.ts';
import type { Events } from '../scenarios/story.ts';

/** A question about the breach. The truth is whom its own events touched, unless `alsoOf` adds an account whose every deed counts. */
export interface Ask {
  readonly seed: { readonly kind: Exclude<SeedKind, 'alert'>; readonly value: string } | { readonly kind: 'alert'; readonly event: ScenarioEvent };
  /** Of a seed that stands for all an account did: its everyday deeds are no mistake. */
  readonly alsoOf?: string;
}

export interface Told {
  readonly breach: Events;
  /** What goes on beside it and is not it. */
  readonly decoys: Events;
  readonly asks: readonly Ask[];
}

/** A breach of one site, told anew for each seed, with everybody it touched. */
export interface BreachStory {
  readonly name: string;
  readonly title: string;
  /** The site's name. */
  readonly site: string;
  tell(scene: Scene): Told;
}

/** Persons named in one event: a line holds no more than 1,000 keys, and a person takes three. */
export const MOST_NAMED = 300;

/** An export as the plugin tells it: numbered events of one id, each with the persons it names. */
export function exported(s: Scene, at: number, what: `data_export/${string}`, who: Partial<Client>, customers: readonly Customer[], fields: Fields = {}): readonly ScenarioEvent[] {
  const id = s.word(20, 'abcdefghijklmnop');
  return Array.from({ length: Math.ceil(customers.length / MOST_NAMED) }, (_, i) => {
    const reads = customers.slice(i * MOST_NAMED, (i + 1) * MOST_NAMED);
    return s.act(at + i, what, who, { 'event.id': id, 'wordpress.data.records': reads.length, 'wordpress.data.classes': ['pii.address', 'pii.email'], 'wordpress.data.fields': ['billing_email', 'billing_phone'], ...fields }, { reads });
  });
}

/** A list as staff see it, twenty on a page. */
export function listed(s: Scene, at: number, who: Partial<Client>, first: number, fields: Fields = {}): ScenarioEvent {
  return s.act(at, 'data_access/order-list-viewed', who, { 'woocommerce.list.count': 20, 'wordpress.data.classes': ['pii.email'], ...fields }, { reads: s.customers(20, first) });
}

export function loggedIn(s: Scene, at: number, who: Partial<Client>): ScenarioEvent {
  return s.act(at, 'authentication/user-login', who);
}

/** Somebody of the staff at ordinary work: a few orders, one after another. */
export function ordinaryWork(s: Scene, from: number, who: Partial<Client>, first: number, times = 6): readonly ScenarioEvent[] {
  return s.every(from, '11m', times, (at, i) => s.act(at, 'data_access/order-viewed', who, { 'woocommerce.order.id': 60_000 + first + i }, { reads: [s.customer(first + i)] }));
}
