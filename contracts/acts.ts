/**
 * The read model: who touched whose data, how, when and where. Rows of two tables that follow from the masked line by a
 * frozen derivation, like the columns of `events`: `acts`, one a deed, and `accesses`, one a deed and person it touched.
 *
 * A deed is every event of a signed chain or of our own (provenance `plugin`, `system`), and any other event whose line
 * holds the mask of a person's identifier. Only the former say who did it: a plain line's actor, session, key and
 * subjects are left empty, whatever it claims.
 *
 * The fields a deed is read from, beside ECS (`user.name`, `user.roles`, `source.ip`, `event.*`, `destination.domain`):
 *
 *     subjects: [{ type, token, jurisdiction? }]   persons whose data was touched; `jurisdiction` is ISO 3166-1 alpha-2
 *     wordpress.session.hash, wordpress.key.id     the log-in session; the application password or REST key
 *     wordpress.plugin.slug                        the plugin whose code acted, or that was acted upon
 *     wordpress.data.classes|fields|records        what was touched: data classes, names of fields, number of records
 *     wordpress.target.kind|name                   what was acted upon, see `TARGET_KINDS`
 *     wordpress.outbound.region                    where a call or mail went: a country, or `outside`
 *     event.id                                     joins the numbered events of a deed that names many persons
 *
 * Our own acts name theirs under `tourniquet.target.kind|name|site`.
 */
export const HOWS = ['view', 'list', 'export', 'api', 'ai', 'mail', 'outbound', 'backup', 'download', 'change', ''] as const;

/** How data was touched; empty when a deed touched none. */
export type How = (typeof HOWS)[number];

/** What a deed may be done to, beside persons. A name is never personal data in the clear: a user's is a token or a log-in name. */
export const TARGET_KINDS = ['user', 'plugin', 'theme', 'option', 'file', 'host', 'order', 'key', 'session', 'token', 'rule', 'query', 'site', 'checkpoint', 'role', 'route', 'address', 'policy', ''] as const;
export type TargetKind = (typeof TARGET_KINDS)[number];

export interface ActColumns {
  readonly actor: string;
  /** The first of the actor's roles. */
  readonly role: string;
  readonly session: string;
  readonly address: string;
  readonly key: string;
  readonly plugin: string;
  readonly category: string;
  readonly action: string;
  readonly outcome: string;
  readonly how: How;
  readonly target_kind: TargetKind;
  readonly target: string;
  readonly destination: string;
  readonly region: string;
  /** Sorted, each once; those of masks in the line among them. */
  readonly classes: readonly string[];
  readonly fields: readonly string[];
  readonly records: number;
  /** Persons named in this event. */
  readonly subjects: number;
  /** `event.id`, or empty. */
  readonly batch: string;
}

/** One person a deed touched. */
export interface TouchedSubject {
  /** A token, `contracts/token.ts`. */
  readonly subject: string;
  /** `customer`, `patient`, `user`, …; of a mask its data class. */
  readonly kind: string;
  /** ISO 3166-1 alpha-2, or empty. */
  readonly jurisdiction: string;
}

/** Persons of one event that are read; what names more continues in a further event of the same `event.id`. */
export const MOST_SUBJECTS = 1_000;

/** Version of the derivation of both tables. */
export const ACTS_DERIVATION = 1;
