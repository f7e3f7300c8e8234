/** The kinds of site whose owners we guard. */
export type SiteKind = 'healthcare-shop' | 'clinic' | 'ai-shop' | 'manufacturer' | 'fintech';

export type Duty = 'owner' | 'developer' | 'support' | 'bookkeeper' | 'editor';

/** Who sends a request or does an act. */
export interface Client {
  readonly ip: string;
  readonly agent: string;
  /** Log-in name; absent for somebody who is not logged in. */
  readonly user?: string;
  readonly roles?: readonly string[];
  /** Hash of the log-in session's token. */
  readonly session?: string;
  /** Id of the application password or REST key a program uses. */
  readonly key?: string;
}

/** One of the few people who run a site, with the habits a rule may learn. */
export interface StaffMember {
  readonly user: string;
  readonly duty: Duty;
  readonly role: 'administrator' | 'shop_manager' | 'editor';
  /** Usual hours of work, UTC. */
  readonly from: number;
  readonly to: number;
  readonly office: string;
  readonly home: string;
  readonly agent: string;
}

/** A program that reads or writes over REST with a key of its own. */
export interface Integration {
  readonly name: string;
  readonly ip: string;
  readonly agent: string;
}

export interface AiAssistant {
  readonly plugin: string;
  /** Where prompts go: a model on the site's own ground. */
  readonly host: string;
}

/** A host that plugins call, and what the owner declared it for. */
export interface Partner {
  readonly host: string;
  readonly purpose: string;
}

/** A site of the scenarios. All names, addresses and numbers are made up. */
export interface Site {
  readonly name: string;
  readonly kind: SiteKind;
  readonly domain: string;
  /** Of the server itself. */
  readonly ip: string;
  readonly staff: readonly StaffMember[];
  readonly products: readonly string[];
  readonly articles: readonly string[];
  readonly searches: readonly string[];
  readonly plugins: readonly string[];
  readonly gateway: string;
  readonly integrations: readonly Integration[];
  readonly assistant: AiAssistant;
  /** Hosts its plugins have called for months. */
  readonly partners: readonly Partner[];
}
