import type { IdentifierKind } from '../../../contracts/token.ts';
import type { Browser } from './browser.ts';
import type { FakeInternet } from './fake-internet.ts';
import type { MadeUpPerson } from './people.ts';
import type { WordPressSite } from './wordpress-site.ts';

/** Which kind of site an act is done on: orders as posts, a network of sites, orders in tables of their own. */
export type Variant = 'single' | 'network' | 'hpos';

/** Where an act is done. */
export interface Stage {
  readonly site: WordPressSite;
  readonly variant: Variant;
  /** Everything outside of the site, played on this machine. */
  readonly internet: FakeInternet;
  /** The log-in of a person, kept for all acts; `isFresh` makes another. The first time is a log-in, with its events: do it in `prepare`. */
  as(person: Pick<MadeUpPerson, 'login' | 'password'>, isFresh?: boolean): Promise<Browser>;
  /** What acts find out on the way: ids above all. */
  readonly notes: Map<string, string>;
}

/** A value, a pattern the value (as text) must match, or a test of it. */
export type Expected = string | number | boolean | readonly unknown[] | RegExp | ((value: unknown) => boolean);

export interface ExpectedPerson {
  readonly type: 'user' | 'customer' | 'patient' | 'contact';
  readonly kind: IdentifierKind;
  readonly identifier: string;
}

export interface ExpectedEvent {
  readonly category: string;
  readonly action: string;
  /** By dotted names; further fields may be there. `undefined` is written as `(v) => v === undefined`. */
  readonly fields?: Readonly<Record<string, Expected>>;
  /** Whose tokens must be among the subjects. */
  readonly persons?: readonly ExpectedPerson[];
  /** How many subjects there are, where it matters. */
  readonly personCount?: number;
  /** That many events of this kind, not more; at least one otherwise. */
  readonly times?: number;
}

/** What somebody does on a site, and what must be told of it. */
export interface UserAct {
  /** A claim: "an editor who becomes administrator is told". */
  readonly title: string;
  /** `single` when left out. */
  readonly on?: readonly Variant[];
  /** What must be so before; what it causes does not count. */
  readonly prepare?: (stage: Stage) => Promise<unknown>;
  readonly act: (stage: Stage) => Promise<unknown>;
  readonly expect?: readonly ExpectedEvent[] | ((stage: Stage) => readonly ExpectedEvent[]);
  /** Of a look-alike: what must not be told, by category and action (`*` is any). */
  readonly silent?: readonly { readonly category: string; readonly action: string; readonly fields?: Readonly<Record<string, Expected>> }[];
  /** Further values that may be nowhere, beside those of the made-up people. */
  readonly forbidden?: readonly string[];
  /** Sets right again what later acts rely on. */
  readonly restore?: (stage: Stage) => Promise<unknown>;
}
