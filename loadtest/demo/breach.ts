import { customersShown, customerToken } from './customers.ts';
import { auditLine } from './line.ts';
import type { DemoLine } from './line.ts';
import { AGENTS, member, shopNamed } from './shops.ts';
import type { Member } from './shops.ts';
import type { Story } from './stories.ts';

/**
 * The breach of the clinic's shop: from 3:01 on a thief acts as its administrator, pages through orders, exports more, and
 * makes a customer's account administrator, which comes back an hour later from elsewhere. All customers it touched follow on
 * each other, so that the truth is a range of numbers; the staff read customers of the whole shop all day long.
 */
const SHOP = shopNamed('praxis-nord');
const THIEF = member(SHOP, SHOP.admin, 'administrator', '203.0.113.11', 'Mozilla/5.0 (X11; Linux x86_64; rv:115.0) Gecko/20100101 Firefox/115.0');
const LATER = member(SHOP, 'lena.voss', 'administrator', '203.0.113.18', AGENTS[1] ?? '');

const FIRST = 1_200;
/** Customers of one page of orders, and of one event of an export. */
const PAGE = 20;
const MOST_NAMED = 300;
/** Pages the thief read, and customers exported from the third page on; then what the accomplice read, from the last of these on. */
const PAGES = 6;
const EXPORTED_FROM = FIRST + 2 * PAGE;
const EXPORTED = 540;
const LATER_FROM = EXPORTED_FROM + EXPORTED - PAGE;
const LATER_PAGES = 5;
const END = LATER_FROM + LATER_PAGES * PAGE;

export interface DemoBreach {
  readonly site: string;
  /** Tokens of everybody it touched. */
  readonly persons: ReadonlySet<string>;
}

export const BREACH: DemoBreach = {
  site: SHOP.site,
  persons: new Set(Array.from({ length: END - FIRST }, (_, i) => customerToken(SHOP, FIRST + i))),
};

function clock(day: number, hour: number, minute: number, second = 0): number {
  return day + ((hour * 60 + minute) * 60 + second) * 1000;
}

function pages(from: number, who: Member, first: number, count: number): readonly DemoLine[] {
  return Array.from({ length: count }, (_, i) => {
    const shown = customersShown(SHOP, first + i * PAGE, PAGE);
    return auditLine(SHOP, from + i * 9_000, { category: 'data_access', action: 'order-list-viewed', ...who, wordpress: { data: shown.data }, fields: { woocommerce: { list: { count: PAGE } }, subjects: shown.subjects } });
  });
}

/** As the plugin writes an export: numbered events of one id, the first with the rows of all. */
function exported(at: number): readonly DemoLine[] {
  return Array.from({ length: Math.ceil(EXPORTED / MOST_NAMED) }, (_, i) => {
    const shown = customersShown(SHOP, EXPORTED_FROM + i * MOST_NAMED, Math.min(MOST_NAMED, EXPORTED - i * MOST_NAMED));
    const event = { kind: 'event', category: 'data_export', action: 'orders-exported', outcome: 'success', dataset: 'wordpress.audit', id: 'export-5d20', sequence: i + 1 };
    const rows = i === 0 ? { woocommerce: { export: { rows: EXPORTED, format: 'csv' } } } : {};
    return auditLine(SHOP, at + i, { category: 'data_export', action: 'orders-exported', ...THIEF, wordpress: { data: shown.data }, fields: { event, ...rows, subjects: shown.subjects } });
  });
}

/** What of the breach each rule must find. */
export function breachStories(day: number): readonly Story[] {
  const { site } = SHOP;
  return [
    { name: 'security plugin switched off', site, finds: 'activity.plugin_disabled', lines: [auditLine(SHOP, clock(day, 3, 8), { category: 'configuration', action: 'plugin-deactivated', ...THIEF, wordpress: { plugin: { slug: 'wordfence' } } })] },
    { name: 'a new administrator', site, finds: 'activity.new_administrator', lines: [auditLine(SHOP, clock(day, 3, 9), { category: 'iam', action: 'administrator-granted', ...THIEF, target: LATER.user, wordpress: { role: { old: 'customer', new: 'administrator' } } })] },
    { name: 'orders exported', site, finds: 'activity.bulk_export', lines: exported(clock(day, 3, 12)) },
  ];
}

/** What of it no rule need find. */
export function breachLines(day: number): readonly DemoLine[] {
  return [
    auditLine(SHOP, clock(day, 3, 1), { category: 'authentication', action: 'user-login', ...THIEF }),
    ...pages(clock(day, 3, 10), THIEF, FIRST, PAGES),
    auditLine(SHOP, clock(day, 4, 20), { category: 'authentication', action: 'user-login', ...LATER }),
    ...pages(clock(day, 4, 21), LATER, LATER_FROM, LATER_PAGES),
  ];
}
