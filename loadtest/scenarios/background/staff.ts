import type { Random } from '../../../contracts/seeded-random.ts';
import { isWorkday, MINUTE, word, workTime } from '../clock.ts';
import { customerOf } from '../customer.ts';
import { act, request } from '../scenario-event.ts';
import type { ScenarioEvent } from '../scenario-event.ts';
import type { Client, Duty, Site, StaffMember } from '../site.ts';

/** Somebody of the staff, logged in at the desk or at home. */
export function staffClient({ user, role, office, home, agent }: StaffMember, session: string, place: 'office' | 'home' = 'office'): Client {
  return { ip: place === 'office' ? office : home, agent, user, roles: [role], session };
}

/** What this account does every week. */
const USUAL = { 'wordpress.actor.habit': 'known' } as const;

function* login(site: Site, at: number, client: Client, random: Random): Generator<ScenarioEvent> {
  const before = { ip: client.ip, agent: client.agent };
  let inAt = at;
  for (let typo = 0; typo < 2 && random.chance(0.12); typo++, inAt += 12_000) {
    yield request(site, inAt, before, 'POST /wp-login.php', { bytes: 5_100 });
    yield act(site, inAt, 'authentication/login-failed', { ...before, ...(client.user === undefined ? {} : { user: client.user }) }, { outcome: 'failure' });
  }
  yield request(site, inAt, before, 'POST /wp-login.php', { status: 302, bytes: 0 });
  yield act(site, inAt, 'authentication/user-login', client, { fields: { 'wordpress.actor.place': 'known', 'wordpress.actor.device': 'known', 'source.geo.country_iso_code': 'DE' } });
  yield request(site, inAt + 900, client, 'GET /wp-admin/', { bytes: 70_000 });
}

/** Looks an order up, changes its state, tells the customer, now and then refunds a little. */
function* handleOrder(site: Site, at: number, client: Client, random: Random): Generator<ScenarioEvent> {
  const customer = customerOf(1 + random.below(3_000));
  const id = 10_000 + random.below(80_000);
  const fields = { 'woocommerce.order.id': id };
  yield request(site, at, client, `GET /wp-admin/admin.php?page=wc-orders&action=edit&id=${id}`, { bytes: 90_000, reads: [customer] });
  yield act(site, at, 'data_access/order-viewed', client, { reads: [customer], fields });
  if (random.chance(0.6)) yield act(site, at + 40_000, 'database/order-updated', client, { fields: {
    ...fields, 'woocommerce.order.status': random.pick(['processing', 'completed', 'on-hold']),
    'woocommerce.order.note': random.pick(['Called the customer, wants it on Friday.', 'Parcel 1Z999AA10123456784 handed over', 'Address corrected', "Customer's invoice sent again"]),
  } });
  if (random.chance(0.05)) yield act(site, at + 70_000, 'payment/refund-created', client, { fields: { ...fields, 'woocommerce.refund.amount': 5 + random.below(90), ...USUAL } });
}

function* support(site: Site, at: number, client: Client, random: Random): Generator<ScenarioEvent> {
  if (random.chance(0.3)) {
    yield request(site, at, client, `GET /wp-admin/admin.php?page=wc-orders${random.chance(0.3) ? `&s=${customerOf(random.below(3_000)).last.slice(0, 5)}` : ''}`, { bytes: 110_000 });
    yield act(site, at, 'data_access/order-list-viewed', client, { reads: Array.from({ length: 20 }, () => customerOf(1 + random.below(3_000))), fields: { 'woocommerce.list.count': 20, ...USUAL } });
  } else yield* handleOrder(site, at, client, random);
}

function* editor(site: Site, at: number, client: Client, random: Random): Generator<ScenarioEvent> {
  const post = 200 + random.below(400);
  yield request(site, at, client, `GET /wp-admin/post.php?post=${post}&action=edit`, { bytes: 120_000 });
  yield request(site, at + 1_000, client, 'GET /wp-json/wp/v2/users/me?context=edit', { bytes: 1_200 });
  yield request(site, at + 1_100, client, 'GET /wp-json/wp/v2/users?context=view&per_page=50&who=authors', { bytes: 2_400 });
  yield request(site, at + 200_000, client, `POST /wp-json/wp/v2/posts/${post}?_locale=user`, {
    bytes: 8_000, body: JSON.stringify({ id: post, content: '<!-- wp:paragraph --><p>New opening hours: <strong>9 to 5</strong>.</p><!-- /wp:paragraph -->' }),
  });
  yield act(site, at + 200_000, 'database/post-updated', client, { fields: { 'wordpress.post.id': post, 'wordpress.post.type': random.pick(['post', 'page', 'product']) } });
  if (random.chance(0.1)) yield act(site, at + 260_000, 'configuration/coupon-created', client, { fields: {
    'woocommerce.coupon.type': 'percent', 'woocommerce.coupon.amount': 5 * (1 + random.below(4)), 'woocommerce.coupon.usage_limit': 100,
  } });
}

function* bookkeeper(site: Site, at: number, client: Client, random: Random): Generator<ScenarioEvent> {
  const rows = 10 + random.below(60);
  if (random.chance(0.2)) {
    const first = 1 + random.below(2_900);
    yield act(site, at, 'data_export/orders-exported', client, {
      reads: Array.from({ length: rows }, (_, i) => customerOf(first + i)), fields: { 'woocommerce.export.rows': rows, 'woocommerce.export.format': 'csv', ...USUAL },
    });
  } else yield* support(site, at, client, random);
}

/** Settings, users, and an update with the files it changes. */
function* administration(site: Site, at: number, client: Client, random: Random): Generator<ScenarioEvent> {
  const slug = random.pick(site.plugins);
  const kind = random.below(10);
  if (kind < 2) {
    yield act(site, at, 'configuration/plugin-updated', client, { fields: {
      'wordpress.plugin.slug': slug, 'wordpress.plugin.version': `${1 + random.below(9)}.${random.below(20)}.${random.below(9)}`,
      'wordpress.package.source': `https://downloads.wordpress.org/plugin/${slug}.zip`,
    } });
    for (let i = 0; i < 4; i++) yield act(site, at + 2_000 + i * 50, 'file/plugin-file-changed', {}, { fields: {
      'wordpress.plugin.slug': slug, 'file.path': `wp-content/plugins/${slug}/includes/part-${i}.php`,
    } });
  } else if (kind < 4) yield act(site, at, 'configuration/option-updated', client, { fields: {
    'wordpress.option.name': random.pick(['blogdescription', 'woocommerce_shipping_zones', 'sidebars_widgets', 'woocommerce_email_footer_text']), 'wordpress.option.group': 'general',
  } });
  else if (kind === 4) yield act(site, at, 'iam/user-role-changed', client, { fields: { 'wordpress.role.old': 'customer', 'wordpress.role.new': random.pick(['subscriber', 'wholesale_customer']) } });
  else if (random.chance(0.5)) yield* editor(site, at, client, random);
  else yield* support(site, at, client, random);
}

const WORK: Readonly<Record<Duty, typeof support>> = { owner: administration, developer: administration, support, bookkeeper, editor };
/** Tasks of a full day. */
const TASKS: Readonly<Record<Duty, number>> = { owner: 6, developer: 5, support: 30, bookkeeper: 8, editor: 8 };

/** The people of the site at work, one session a day each, sometimes from home. */
export function* staffWork(site: Site, day: number, share: number, random: Random): Generator<ScenarioEvent> {
  for (const member of site.staff) {
    const present = isWorkday(day) ? random.chance(0.92) : member.duty === 'support' && random.chance(0.5);
    if (!present) continue;
    const client = staffClient(member, word(random, 24, 'abcdefghijklmnop'), random.chance(0.2) ? 'home' : 'office');
    const inAt = day + workTime(random, member.from, member.from + 1);
    yield* login(site, inAt, client, random);
    const tasks = Math.ceil(TASKS[member.duty] * share * (0.6 + random() * 0.8));
    for (let i = 0; i < tasks; i++) yield* WORK[member.duty](site, Math.max(inAt + MINUTE, day + workTime(random, member.from, member.to)), client, random);
  }
}
