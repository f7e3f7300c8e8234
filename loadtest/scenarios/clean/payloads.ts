import type { Random } from '../../../contracts/seeded-random.ts';
import { word } from '../clock.ts';
import { customerOf } from '../customer.ts';
import type { Customer } from '../customer.ts';
import { act, request } from '../scenario-event.ts';
import { SITES } from '../sites.ts';
import { CONTACT } from './clean-source.ts';
import type { CleanSource } from './clean-source.ts';
import { prose } from './prose.ts';

function address({ first, last, street, city, email, phone }: Customer): object {
  const [postcode, place] = city.split(/ (.*)/);
  return { first_name: first, last_name: last, company: '', address_1: street, address_2: '', city: place, state: '', postcode, country: 'DE', email, phone };
}

function order(random: Random, products: readonly string[]): object {
  const customer = customerOf(random.below(5_000));
  return {
    id: 10_000 + random.below(80_000), number: String(10_000 + random.below(80_000)), order_key: `wc_order_${word(random, 13)}`, created_via: 'checkout', version: '10.2.1', status: random.pick(['processing', 'completed', 'on-hold']), currency: 'EUR',
    date_created: `2026-11-${10 + random.below(20)}T${10 + random.below(10)}:${10 + random.below(49)}:07`, total: `${random.below(900)}.${random.digits(2)}`, cart_hash: word(random, 32, '0123456789abcdef'), customer_id: random.below(5_000), customer_ip_address: `198.18.${random.below(256)}.9`, customer_note: prose(random, 2),
    billing: address(customer), shipping: address(customer), payment_method: 'stripe', payment_method_title: 'Card', transaction_id: `pi_${word(random, 24)}`,
    meta_data: [
      { id: random.below(1e6), key: '_stripe_customer_id', value: `cus_${word(random, 14)}` },
      {
        id: random.below(1e6), key: '_tracking_number',
        value: random.pick([`1Z${word(random, 16, '0123456789ABCDEFGHJKLMNPRSTUVWXY')}`, `00340434${random.digits(12)}`, random.digits(10), `RR${random.digits(9)}DE`]),
      },
      { id: random.below(1e6), key: '_wc_order_attribution_utm_source', value: '(direct)' },
    ],
    line_items: Array.from({ length: 1 + random.below(3) }, () => ({
      id: random.below(9_000), name: random.pick(products), product_id: random.below(900), quantity: 1 + random.below(3),
      sku: `${word(random, 3, 'ABCDEFGH')}-${random.digits(4)}-${random.digits(2)}`, global_unique_id: random.digits(13), price: random.below(300),
    })),
  };
}

/** JSON that integrations send, and webhooks carry to them. */
export const restPayloads: CleanSource = {
  name: 'REST and webhook payloads', share: 110,
  make(random) {
    const site = random.pick(SITES);
    const body = JSON.stringify(random.chance(0.6) ? order(random, site.products) : {
      name: random.pick(site.products), type: 'simple', regular_price: `${random.below(300)}.99`, description: `<p>${prose(random)}</p>`, short_description: prose(random, 1), sku: random.digits(8),
      dimensions: { length: '12', width: '4.5', height: '1' }, images: [{ src: `https://cdn.example/${word(random, 20)}.jpg` }],
    });
    if (random.chance(0.4)) {
      return {
        event: act(site, 1_795_234_406_123, 'outbound/http-request', {}, { fields: {
          'destination.domain': site.partners[1]?.host, 'wordpress.outbound.purpose': 'shipping', 'wordpress.outbound.known': true, 'wordpress.outbound.region': 'inside',
          'wordpress.plugin.slug': 'woocommerce', 'http.request.method': 'POST', 'http.request.body.content': body, 'http.request.body.bytes': body.length,
        } }).event,
        holds: CONTACT,
      };
    }
    return {
      event: request(site, 1_795_234_406_123, site.integrations[0] ?? { ip: site.ip, agent: 'x' }, `${random.pick(['PUT', 'POST'])} /wp-json/wc/v3/${random.pick(['orders', 'products'])}/${random.below(9_000)}`, { body }).event,
      holds: CONTACT,
    };
  },
};

/** Rows of a product or customer import, as the browser sends the file. */
export const imports: CleanSource = {
  name: 'CSV imports', share: 40,
  make(random) {
    const site = random.pick(SITES);
    const rows = Array.from({ length: 1 + random.below(12) }, () => random.chance(0.6)
      ? [
        random.below(9_000), 'simple', `SKU-${random.digits(6)}`, random.pick(site.products), 1, 0, 'visible', `"${prose(random, 2).replaceAll('"', '""')}"`, '', `${random.below(300)},99`,
        random.digits(13), `Home > Select > ${random.pick(['Tables', 'Sets', 'Union'])}`,
      ].join(',')
      : Object.values(address(customerOf(random.below(5_000)))).join(';'));
    return {
      event: request(site, 1_795_234_406_123, { ip: site.staff[0]?.office ?? '', agent: site.staff[0]?.agent ?? '' }, 'POST /wp-admin/admin-ajax.php?action=woocommerce_do_ajax_product_import', { body: `ID,Type,SKU,Name,Published,Featured,Visibility,Description,Tax,Price,GTIN,Categories\n${rows.join('\n')}` }).event,
      holds: CONTACT,
    };
  },
};
