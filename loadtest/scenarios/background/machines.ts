import type { Random } from '../../../contracts/seeded-random.ts';
import { DAY, HOUR, MINUTE } from '../clock.ts';
import { customersFrom } from '../customer.ts';
import { act, phpLog, request } from '../scenario-event.ts';
import type { ScenarioEvent } from '../scenario-event.ts';
import type { Site } from '../site.ts';

const NOTICES = [
  'PHP Notice:  Function _load_textdomain_just_in_time was called incorrectly. in /var/www/html/wp-includes/functions.php on line 6121',
  'PHP Deprecated:  Creation of dynamic property Booking_Slot::$start is deprecated in /var/www/html/wp-content/plugins/booking/class-slot.php on line 88',
  'PHP Warning:  Undefined array key "billing_company" in /var/www/html/wp-content/plugins/invoices/pdf.php on line 212',
  'Cron reschedule event error for hook: wc_admin_daily, Error code: could_not_set, Error message: The cron event list could not be saved.',
  "WordPress database error Deadlock found when trying to get lock; try restarting transaction for query UPDATE `wp_options` SET `option_value` = '1' WHERE `option_name` = '_transient_doing_cron' made by wp_cron",
  'PHP Fatal error:  Allowed memory size of 268435456 bytes exhausted (tried to allocate 20480 bytes) in /var/www/html/wp-includes/class-wpdb.php on line 2349',
];

/** What is new since the last hour, read page by page with a key. */
function* sync(site: Site, day: number, random: Random): Generator<ScenarioEvent> {
  for (const { name, ip, agent } of site.integrations) {
    const key = { ip, agent };
    const user = { ...key, user: name, roles: ['shop_manager'], key: `key-${name}` };
    for (let hour = 0; hour < 24; hour++) {
      const at = day + hour * HOUR + 7 * MINUTE + random.below(20_000);
      const after = new Date(at - HOUR).toISOString().slice(0, 19);
      const pages = hour === 2 ? 4 + random.below(4) : 1 + random.below(2);
      for (let page = 1; page <= pages; page++) {
        const reads = customersFrom(1 + random.below(2_900), page === pages ? 1 + random.below(9) : 20);
        const when = at + page * 3_000;
        yield request(site, when, key, `GET /wp-json/wc/v3/orders?modified_after=${after}&per_page=20&page=${page}`, { bytes: 3_000 * reads.length, reads });
        yield act(site, when, 'data_access/rest-read', user, { reads, fields: { 'url.path': '/wp-json/wc/v3/orders', 'wordpress.request.kind': 'rest', 'wordpress.actor.habit': 'known' } });
      }
      if (random.chance(0.4)) yield request(site, at + MINUTE, key, `PUT /wp-json/wc/v3/orders/${10_000 + random.below(80_000)}`, {
        bytes: 2_900, body: JSON.stringify({ status: 'completed', meta_data: [{ key: '_tracking_number', value: `00340434${random.digits(12)}` }] }),
      });
    }
  }
}

/** Calls of plugins to hosts they have called for months, and the nightly backup. */
function* partners(site: Site, day: number, random: Random): Generator<ScenarioEvent> {
  for (let i = 0; i < 30; i++) {
    const { host, purpose } = random.pick(site.partners);
    yield act(site, day + random.below(DAY), 'outbound/http-request', {}, { fields: {
      'destination.domain': host, 'wordpress.outbound.purpose': purpose, 'wordpress.plugin.slug': random.pick(site.plugins), 'wordpress.outbound.known': true, 'wordpress.outbound.region': 'inside',
      'http.request.method': random.pick(['GET', 'POST']), 'http.request.body.bytes': 200 + random.below(9_000), 'http.response.status_code': random.chance(0.03) ? 503 : 200,
    } });
  }
  for (let part = 0; part < 6; part++) {
    yield act(site, day + 2 * HOUR + 30 * MINUTE + part * 40_000, 'outbound/http-request', {}, { fields: {
      'destination.domain': 'backup.vault.example', 'wordpress.outbound.purpose': 'backup', 'wordpress.plugin.slug': 'backup-to-vault', 'wordpress.outbound.known': true,
      'wordpress.outbound.region': 'inside', 'http.request.method': 'PUT', 'http.request.body.bytes': 52_428_800, 'http.response.status_code': 200,
    } });
  }
}

/** An update that WordPress does by itself, about twice a week. */
function* nightlyUpdate(site: Site, day: number, random: Random): Generator<ScenarioEvent> {
  if (!random.chance(0.3)) return;
  const slug = random.pick(site.plugins);
  const at = day + 3 * HOUR + random.below(HOUR);
  yield act(site, at, 'configuration/plugin-updated', {}, { fields: {
    'wordpress.plugin.slug': slug, 'wordpress.request.kind': 'cron', 'wordpress.package.source': `https://downloads.wordpress.org/plugin/${slug}.${1 + random.below(9)}.${random.below(9)}.zip`,
  } });
  for (let i = 0; i < 6; i++) yield act(site, at + 1_500 + i * 30, 'file/plugin-file-changed', {}, { fields: {
    'wordpress.plugin.slug': slug, 'file.path': `wp-content/plugins/${slug}/src/file-${i}.php`,
  } });
}

/** Cron, integrations, partners and what PHP complains of. */
export function* machines(site: Site, day: number, random: Random): Generator<ScenarioEvent> {
  const self = { ip: site.ip, agent: `WordPress/6.8.3; https://${site.domain}` };
  for (let at = day; at < day + DAY; at += 20 * MINUTE) yield request(site, at + random.below(30_000), self, `POST /wp-cron.php?doing_wp_cron=${(at / 1000).toFixed(0)}.${random.digits(10)}`, { bytes: 0 });
  yield* sync(site, day, random);
  yield* partners(site, day, random);
  yield* nightlyUpdate(site, day, random);
  const complaints = 4 + random.below(10);
  for (let i = 0; i < complaints; i++) yield phpLog(site, day + random.below(DAY), random.pick(NOTICES));
}
