import type { Random } from '../../../contracts/seeded-random.ts';
import { isWorkday, MINUTE, word, workTime } from '../clock.ts';
import { customersFrom } from '../customer.ts';
import { act } from '../scenario-event.ts';
import type { ScenarioEvent } from '../scenario-event.ts';
import type { Client, Site } from '../site.ts';
import { staffClient } from './staff.ts';

/** Something an owner or developer does rarely and with good reason, though an analyst may want to ask. */
interface Change {
  /** On a working day. */
  readonly probability: number;
  events(site: Site, at: number, who: Client, random: Random): readonly ScenarioEvent[];
}

const SECURITY_PLUGINS = ['wordfence', 'wp-security-audit-log', 'ninjafirewall', 'sucuri-scanner', 'wp-cerber'];

const CHANGES: readonly Change[] = [
  {
    probability: 0.01,
    events: (site, at, who) => ['plugin-deactivated', 'plugin-activated'].map((action, i) => act(site, at + i * 20 * MINUTE, `configuration/${action}`, who, { fields: { 'wordpress.plugin.slug': site.plugins.find((slug) => SECURITY_PLUGINS.includes(slug)) ?? 'two-factor' } })),
  },
  {
    probability: 0.01,
    events: (site, at, who) => [true, false].map((on, i) => act(site, at + i * 40 * MINUTE, 'configuration/constant-changed', who, { fields: { 'wordpress.constant.name': 'WP_DEBUG', 'wordpress.constant.new': on } })),
  },
  {
    probability: 0.02,
    events: (site, at) => [act(site, at, 'file/theme-file-changed', {}, { fields: { 'wordpress.plugin.slug': 'storefront-child', 'file.path': 'wp-content/themes/storefront-child/functions.php' } })],
  },
  {
    probability: 0.03,
    events: (site, at, who) => [act(site, at, 'configuration/option-updated', who, { fields: {
      'wordpress.option.name': `woocommerce_${site.gateway}_settings`, 'wordpress.option.group': 'payment_gateway',
    } })],
  },
  {
    probability: 0.02,
    events: (site, at, who) => [act(site, at, 'configuration/webhook-created', who, { fields: {
      'woocommerce.webhook.topic': 'order.created', 'destination.domain': site.partners[1]?.host, 'wordpress.outbound.known': true, 'wordpress.outbound.purpose': site.partners[1]?.purpose,
    } })],
  },
  {
    probability: 0.02,
    events: (site, at, who, random) => [act(site, at, 'iam/user-created', who, { fields: {
      'wordpress.role.new': random.pick(['editor', 'shop_manager', 'administrator']), 'user.target.name': word(random, 6, 'abcdefghij'),
    } })],
  },
  { probability: 0.03, events: (site, at, who) => [act(site, at, 'iam/application-password-created', who, { fields: { 'user.target.name': who.user } })] },
  {
    probability: 0.03,
    events: (site, at, who, random) => [act(site, at, 'configuration/plugin-installed', who, { fields: {
      'wordpress.plugin.slug': `bought-${word(random, 5, 'abcdefghij')}`, 'wordpress.package.source': 'https://downloads.maker.example/plugin.zip',
    } })],
  },
  {
    probability: 0.04,
    events: (site, at, who, random) => [act(site, at, 'configuration/plugin-deactivated', who, { fields: { 'wordpress.plugin.slug': random.pick(['hello-dolly', 'old-slider', 'maintenance-page']) } })],
  },
  {
    probability: 0.005,
    events: (site, at, who) => [act(site, at, 'data_export/customers-exported', who, {
      reads: customersFrom(1, 800), fields: { 'woocommerce.export.rows': 800, 'woocommerce.export.format': 'csv', 'wordpress.actor.habit': 'new' },
    })],
  },
  {
    probability: 0.003,
    events: (site, at, who) => [act(site, at, 'configuration/option-updated', who, { fields: { 'wordpress.option.name': 'woocommerce_bacs_accounts', 'wordpress.option.group': 'general' } })],
  },
  {
    probability: 0.05,
    events: (site, at, who, random) => [act(site, at, 'authentication/user-login', who, { fields: {
      'wordpress.actor.place': 'new', 'wordpress.actor.device': random.chance(0.1) ? 'new' : 'known', 'source.geo.country_iso_code': random.pick(['IT', 'FR', 'AT']),
    } })],
  },
  {
    probability: 0.03,
    events: (site, at, who, random) => [act(site, at, 'outbound/http-request', who, { fields: {
      'destination.domain': `licence.${word(random, 6, 'abcdefghij')}.example`, 'wordpress.plugin.slug': random.pick(site.plugins), 'wordpress.outbound.known': false, 'http.request.method': 'POST',
      'http.request.body.bytes': 700, 'http.response.status_code': 200,
    } })],
  },
  {
    // A program goes on with a password that was changed.
    probability: 0.01,
    events: (site, at) => Array.from({ length: 180 }, (_, i) => act(site, at + i * 40_000, 'authentication/login-failed', {
      ip: site.integrations[0]?.ip ?? '', agent: site.integrations[0]?.agent ?? '', user: site.integrations[0]?.name ?? '',
    }, { outcome: 'failure' })),
  },
];

export function* changes(site: Site, day: number, random: Random): Generator<ScenarioEvent> {
  if (!isWorkday(day)) return;
  for (const { probability, events } of CHANGES) {
    const member = random.pick(site.staff.filter(({ role }) => role === 'administrator'));
    const at = day + workTime(random, member.from, member.to - 2);
    const client = staffClient(member, word(random, 24, 'abcdefghijklmnop'));
    if (random.chance(probability)) yield* events(site, at, client, random);
  }
}
