/**
 * The answer to "whose data, exactly, and how sure is it that this is all?": what storage/scope/ computes, what a bundle
 * holds (`scope.json` and NDJSON of its lists) and what the bundle's own verifier reads. Times are Unix ms. Lists are
 * sorted, so that equal input gives equal bytes.
 */
export const SEED_KINDS = ['actor', 'session', 'address', 'key', 'plugin', 'alert'] as const;
export type SeedKind = (typeof SEED_KINDS)[number];

/** What can belong to a breach. An alert is only ever a seed: it stands for what its event names. A destination is never one. */
export type EntityKind = Exclude<SeedKind, 'alert'> | 'destination';

export interface Entity {
  readonly kind: EntityKind;
  /** As the columns of `acts` hold it. */
  readonly value: string;
  /** An address: only what was done from there belongs, as of a copied session whose owner goes on using it. Absent: all of it. */
  readonly at?: string;
}

/** Why an entity belongs to the breach, as a sentence of what stands at the end of the link. How sure each is: docs/scope.md. */
export const REASON_TEXT = {
  seed: 'named by whoever asked',
  'alert-names': 'the alert rests on what it did',
  'session-of-actor': 'a session of an account that belongs to the breach',
  'actor-of-session': 'the account of a session or key that belongs to the breach',
  'address-of-session': 'a session of the breach was used from this address',
  'address-of-key': 'a key of the breach was used from this address',
  'session-at-address': 'a session used from an address of the breach',
  'account-at-address': 'an account used without a session from an address of the breach',
  'key-made-by': 'a key made by what belongs to the breach',
  'key-used-from': 'a key used from an address of the breach',
  'account-made-by': 'an account made by what belongs to the breach',
  'account-changed-by': 'an account whose password, mail address or role was changed by what belongs to the breach',
  'plugin-installed-by': 'a plugin installed, switched on or edited by what belongs to the breach',
  'plugin-ran-for': 'in whose requests a plugin of the breach ran',
  'session-continued': 'a session that goes on where one of the breach ends: same account, address and program',
  'session-elsewhere': 'a session of the breach, used from another address',
  'session-alike': 'another session or key of the account, from a place that the account never used before',
  'destination-set-by': 'a host that what belongs to the breach had data sent to',
} as const;

export type LinkReason = keyof typeof REASON_TEXT;

export interface ScopeRequest {
  readonly site: string;
  readonly seed: { readonly kind: SeedKind; readonly value: string };
  /** `fromMs <= timestamp < toMs`. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Links below it are shown, but not followed: 0 to 1. */
  readonly leastConfidence: number;
  /** Other confidences of reasons than those of docs/scope.md: 0 to 1. */
  readonly confidences?: Readonly<Partial<Record<LinkReason, number>>>;
  /** Known to be innocent, whatever points to them: never followed. */
  readonly innocent?: readonly Entity[];
}

/** A step from one entity to another, with what shows it. */
export interface ScopeLink {
  readonly from: Entity | undefined;
  readonly to: Entity;
  readonly reason: LinkReason;
  /** 0 to 1, of the whole way from the seed. */
  readonly confidence: number;
  /** Whether the entity's deeds count: at least `leastConfidence`. */
  readonly followed: boolean;
  /** From when on it belongs to the breach. */
  readonly sinceMs: number;
  /** Leaves of the site that show it, at most a few, rising. */
  readonly evidence: readonly number[];
  /** Why it could be wrong, for a person to judge: "two more accounts use this address". */
  readonly doubt: string;
}

export interface ScopeSubject {
  /** A token, `contracts/token.ts`. */
  readonly subject: string;
  readonly kind: string;
  readonly jurisdiction: string;
  /** Deeds that did so. */
  readonly read: number;
  readonly changed: number;
  readonly exported: number;
  readonly sentOut: number;
  readonly hows: readonly string[];
  readonly classes: readonly string[];
  readonly fields: readonly string[];
  readonly firstMs: number;
  readonly lastMs: number;
  /** Of the best link that leads to a deed on this person. */
  readonly confidence: number;
  /** Leaves of the deeds, rising. */
  readonly evidence: readonly number[];
}

/** A deed of what belongs to the breach. */
export interface ScopeDeed {
  readonly leaf: number;
  readonly atMs: number;
  readonly receivedAtMs: number;
  readonly by: Entity;
  readonly confidence: number;
  readonly provenance: string;
  readonly actor: string;
  readonly session: string;
  readonly address: string;
  readonly key: string;
  readonly plugin: string;
  readonly category: string;
  readonly action: string;
  readonly outcome: string;
  readonly how: string;
  readonly target_kind: string;
  readonly target: string;
  readonly destination: string;
  readonly region: string;
  readonly classes: readonly string[];
  readonly fields: readonly string[];
  readonly records: number;
  /** Persons the line names. Fewer than `records`: the others are touched, but unnamed. */
  readonly subjects: number;
  readonly rules: readonly string[];
}

/** A class of data, or a name of a field, over the whole scope. */
export interface ScopeTotal {
  readonly name: string;
  readonly deeds: number;
  readonly subjects: number;
  readonly records: number;
}

/** How far a source of the window is to be trusted. */
export interface SourceTrust {
  readonly provenance: string;
  readonly stream: string;
  readonly events: number;
  /** What the provenance is worth, in one sentence. */
  readonly worth: string;
  /** From then on whoever took the site over could have written what was shipped; undefined where nothing shows that. */
  readonly forgeableFromMs: number | undefined;
}

/** Something the evidence does not hold. */
export interface ScopeGap {
  readonly kind: 'lines-missing' | 'chain-restarted' | 'silence' | 'dead-letters' | 'records-lost' | 'expired' | 'deeds-not-derived' | 'unnamed-records' | 'plain-requests' | 'truncated';
  readonly stream: string;
  readonly epoch: number;
  readonly fromMs: number;
  readonly toMs: number;
  /** Lines, records or rows, 0 when unknown. */
  readonly count: number;
  /** What could hide in it, in one sentence. */
  readonly couldHide: string;
}

/** What was there and not touched: only as sure as the gaps allow. */
export interface Untouched {
  /** Persons the site's trail knows, whenever it told of them, and those of them the scope does not hold. */
  readonly knownSubjects: number;
  readonly untouchedSubjects: number;
  /** Data classes the trail has ever held for the site, but no deed of the scope. */
  readonly classes: readonly string[];
  readonly hows: readonly string[];
}

/** Every block of the window is accounted for: stored, put aside, or named as missing. */
export interface Coverage {
  /** Times of receipt it counts, Unix ms: from, and up to but not including. They reach past the window where its events came late. */
  readonly receivedFromMs: number;
  readonly receivedToMs: number;
  readonly blocks: number;
  readonly lines: number;
  readonly stored: number;
  readonly deadLetters: number;
  readonly missingLines: number;
  /** Rows of `events` received in these times, counted themselves: equals `stored` unless rows expired or the trail is broken. */
  readonly eventsCounted: number;
}

export interface ScopeReport {
  readonly v: 1;
  readonly request: ScopeRequest;
  /** Every stored event of the site received at or before it was considered. */
  readonly asOfMs: number;
  /** Leaves of the site's tree that were considered. */
  readonly treeSize: number;
  readonly links: readonly ScopeLink[];
  readonly deeds: readonly ScopeDeed[];
  readonly subjects: readonly ScopeSubject[];
  readonly classes: readonly ScopeTotal[];
  readonly fields: readonly ScopeTotal[];
  readonly jurisdictions: readonly ScopeTotal[];
  readonly destinations: readonly ScopeTotal[];
  /** Records that deeds of the scope touched without naming the person. */
  readonly unnamedRecords: number;
  readonly firstMs: number;
  readonly lastMs: number;
  /** When the site itself was in others' hands, and by which deed; undefined where nothing shows that. */
  readonly takenOver: { readonly sinceMs: number; readonly leaf: number; readonly why: string } | undefined;
  readonly trust: readonly SourceTrust[];
  readonly gaps: readonly ScopeGap[];
  readonly untouched: Untouched;
  readonly coverage: Coverage;
  /** Versions of rule sets that judged the window's events, in order of first use. */
  readonly rules: readonly { readonly version: string; readonly fromMs: number; readonly toMs: number }[];
}
