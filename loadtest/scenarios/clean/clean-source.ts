import type { Random } from '../../../contracts/seeded-random.ts';
import type { Fields } from '../scenario-event.ts';

/** An event without an attack and without data in the wrong place. */
export interface CleanEvent {
  readonly event: Fields;
  /** Starts of the classes that it really holds, where they belong: finding those is right. */
  readonly holds: readonly string[];
}

/** One sort of clean traffic. */
export interface CleanSource {
  readonly name: string;
  /** How many events are of this sort, beside the shares of the others. */
  readonly share: number;
  make(random: Random): CleanEvent;
}

/** What forms and mails of a shop hold by nature. */
export const CONTACT = ['pii.'] as const;
export const NOTHING: readonly string[] = [];
