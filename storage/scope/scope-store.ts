import type { ActColumns } from '../../contracts/acts.ts';
import type { EntityKind } from '../../contracts/scope.ts';

/** What the scope asks of the stored trail. One over plain arrays and one over ClickHouse pass the same suite, `scope-store.suite.ts`. */

/** The site as it was when its tree had so many leaves: nothing later is looked at. */
export interface ScopeView {
  readonly site: string;
  readonly treeSize: number;
}

/** Unix ms: from, and up to but not including. */
export interface ScopeTimes {
  readonly fromMs: number;
  readonly toMs: number;
}

/** A row of `acts`. Its time is what the event says, never later than its receipt. */
export interface StoredAct extends ActColumns {
  readonly leaf: number;
  /** Unix ms. */
  readonly atMs: number;
  readonly receivedAtMs: number;
  readonly provenance: string;
}

/** Somebody somewhere: all deeds that agree in account, session, key and address. */
export interface Presence {
  readonly actor: string;
  readonly session: string;
  readonly key: string;
  readonly address: string;
  /** Whether one of the deeds was done in a role beyond those of `ORDINARY_ROLES`. */
  readonly staff: boolean;
  readonly firstMs: number;
  readonly lastMs: number;
  readonly firstLeaf: number;
  readonly lastLeaf: number;
  /** Deeds that did not fail. */
  readonly done: number;
  /** Persons that these touched, counted once a deed. */
  readonly persons: number;
}

export const ORDINARY_ROLES: readonly string[] = ['', 'customer', 'subscriber', 'patient'];

export type PresenceKind = 'actor' | 'session' | 'key' | 'address';

/** From when on something acted or was called. */
export interface FirstUse {
  readonly value: string;
  readonly firstMs: number;
}

/** A person, and the leaves of deeds that touched them. */
export interface Touched {
  readonly subject: string;
  readonly kind: string;
  readonly jurisdiction: string;
  readonly leaves: readonly number[];
}

/** A hole in a chain that nothing has closed, or records that the log lost. */
export interface Hole {
  readonly stream: string;
  readonly epoch: number;
  readonly fromSeq: number;
  readonly toSeq: number;
  readonly lost: boolean;
  /** When the line before it was received; 0 when none was. */
  readonly afterMs: number;
  readonly noticedMs: number;
}

/** A time of which the stream told nothing, in which so many were to be expected by the same hours of other days. */
export interface Silence {
  readonly stream: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly expected: number;
}

/** Requests that a server told of in plain lines, answered with success: which pages, not whose data. */
export interface PlainRequests {
  readonly requests: number;
  /** Of the answers' bodies. */
  readonly bytes: number;
  readonly firstMs: number;
  readonly lastMs: number;
}

/** What a time holds and lacks, beside the deeds. */
export interface WindowFacts {
  readonly sources: readonly { readonly provenance: string; readonly stream: string; readonly events: number }[];
  /** Up to when events of the times came in. */
  readonly received: ScopeTimes;
  readonly blocks: { readonly blocks: number; readonly lines: number; readonly stored: number; readonly deadLetters: number };
  readonly eventsCounted: number;
  /** When chains were received first and last. */
  readonly chains: readonly { readonly stream: string; readonly epoch: number; readonly firstMs: number; readonly lastMs: number }[];
  readonly silences: readonly Silence[];
  readonly holes: readonly Hole[];
  readonly deadLetters: readonly { readonly stream: string; readonly epoch: number; readonly count: number; readonly fromMs: number; readonly toMs: number }[];
  /** Rows of the site that expired, by tier and month of receipt (yyyymm). */
  readonly expired: readonly { readonly tier: string; readonly month: number; readonly rows: number }[];
  /** Events whose deeds were never derived, as they were stored before there was a read model; by when they were received. */
  readonly underived: { readonly events: number } & ScopeTimes;
  readonly ruleSets: readonly { readonly version: string; readonly fromMs: number; readonly toMs: number }[];
  /** All that the trail of the site holds, of any time. */
  readonly knownSubjects: number;
  readonly classes: readonly string[];
  readonly hows: readonly string[];
}

/** Rejects with what the store says. Lists come in no particular order. */
export interface ScopeStore {
  /** The site's newest tree that is signed for, and when its last leaf was received. */
  horizon(site: string): Promise<{ readonly treeSize: number; readonly asOfMs: number }>;
  /** At most `most`, those seen last. */
  presences(view: ScopeView, kind: PresenceKind, values: readonly string[], times: ScopeTimes, most: number): Promise<readonly Presence[]>;
  /** When each plugin first acted, or each host was first called. */
  firstUses(view: ScopeView, kind: 'plugin' | 'destination', values: readonly string[], times: ScopeTimes): Promise<readonly FirstUse[]>;
  /** Deeds that name one of the values, at most `most`, the earliest. Of an address only those without session and key, or that failed. */
  deeds(view: ScopeView, kind: EntityKind, values: readonly string[], times: ScopeTimes, most: number): Promise<readonly StoredAct[]>;
  /** Of an alert's event, or of the events that a finding rests on. Undefined when the site has no such alert. */
  alertLeaves(view: ScopeView, id: string): Promise<readonly number[] | undefined>;
  actsAt(view: ScopeView, leaves: readonly number[]): Promise<readonly StoredAct[]>;
  /** The program each event was done with (`user_agent.original`). */
  agents(view: ScopeView, leaves: readonly number[]): Promise<ReadonlyMap<number, string>>;
  touched(view: ScopeView, deeds: readonly StoredAct[]): Promise<readonly Touched[]>;
  /** Those that were refused before anything left, as a prompt that the AI policy does not let go. */
  refused(view: ScopeView, leaves: readonly number[]): Promise<ReadonlySet<number>>;
  /** Names of the rules that matched, rising. */
  rulesOf(view: ScopeView, leaves: readonly number[]): Promise<ReadonlyMap<number, readonly string[]>>;
  /** Undefined when none came from these addresses. */
  plainRequests(view: ScopeView, addresses: readonly string[], times: ScopeTimes): Promise<PlainRequests | undefined>;
  facts(view: ScopeView, times: ScopeTimes): Promise<WindowFacts>;
}
