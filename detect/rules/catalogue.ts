/**
 * What must be found, group by group. A rule says which group it serves by the tag `tourniquet.<id>`, a signature by its
 * class.
 */
export interface ThreatGroup {
  readonly id: string;
  readonly title: string;
  readonly mustFind: string;
  /** Starts of the classes of signatures that serve the group. */
  readonly classes: readonly string[];
}

export const CATALOGUE: readonly ThreatGroup[] = [
  {
    id: 'bulk-export', title: 'Bulk export', classes: ['activity.bulk_export', 'attack.exposed_export'],
    mustFind: 'order, customer, user or patient lists through admin exports, REST paging, AJAX, GraphQL, SQL dumps, backup plugins; slow exports; exports outside of the habit; export files fetched from public folders',
  },
  {
    id: 'unguarded-reads', title: 'Reads without a right or across sites', classes: ['attack.wordpress_probe', 'attack.enumeration', 'attack.unguarded_read'],
    mustFind: 'REST routes that give out users, orders or forms without a capability; reads across sites of a network; order and user numbers walked through; cached private pages; public recordings and uploads',
  },
  {
    id: 'misplaced-data', title: 'Personal data in the wrong place', classes: ['phi.', 'pii.', 'pci.', 'secret.'],
    mustFind: 'personal, health and card data or tokens in query strings, referrers, beacons, debug logs, error pages, mail, SMS, cache keys, uploads, prompts',
  },
  {
    id: 'ai-paths', title: 'AI paths', classes: ['attack.prompt_injection', 'activity.cloud_ai'],
    mustFind: 'cloud AI called from a site that must stay local, prompts with personal data, prompt injection, answers that repeat other people\'s data, changed settings or keys of AI plugins',
  },
  {
    id: 'identity', title: 'Identity', classes: ['activity.new_administrator', 'activity.credential_created', 'attack.password_guessing'],
    mustFind: 'credential stuffing, password spraying, log-in from a new place, sessions used from two places, role escalation, rogue administrators, application passwords, keys read in plain text',
  },
  {
    id: 'injection', title: 'Injection and code', classes: ['attack.sqli', 'attack.xss', 'attack.traversal', 'attack.lfi', 'attack.web_shell', 'attack.command', 'attack.object_injection', 'attack.code', 'attack.jndi', 'attack.cve', 'attack.scanner'],
    mustFind: 'SQL injection, XSS, traversal, file inclusion, web shells, command and object injection, probes of known holes, card skimmers',
  },
  {
    id: 'integrity', title: 'Integrity and drift', classes: ['activity.plugin_disabled', 'activity.file_edited'],
    mustFind: 'code changed outside of an update, updates from unknown sources, security plugins off, debug mode or file editing on, gateway keys or webhooks changed, audit or shipper silenced, gaps',
  },
  {
    id: 'planted', title: 'Planted', classes: ['canary.', 'ip.'],
    mustFind: 'canary records and honey orders read or sent, passages of registered documents seen outside',
  },
  {
    id: 'outbound', title: 'Outbound', classes: ['activity.large_upload', 'activity.new_host'],
    mustFind: 'new hosts contacted by plugins, telemetry with personal data, large or steady uploads, data in query strings, data that leaves the declared region',
  },
  {
    id: 'money', title: 'Money', classes: ['activity.refund', 'activity.payout_changed', 'attack.card_testing'],
    mustFind: 'card testing, refund abuse, changed payout or bank details, coupon or price tampering, card numbers outside of their field',
  },
];

/** Namespace of the tags that name a group. */
export const GROUP_TAG = 'tourniquet.';

/** Groups a rule's tags name; names that are no group are left out. */
export function groupsOfTags(tags: readonly string[]): readonly ThreatGroup[] {
  return CATALOGUE.filter((group) => tags.includes(`${GROUP_TAG}${group.id}`));
}

export function groupsOfClass(dataClass: string): readonly ThreatGroup[] {
  return CATALOGUE.filter((group) => group.classes.some((start) => dataClass.startsWith(start)));
}
