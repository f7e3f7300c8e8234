import type { Random } from '../../../contracts/seeded-random.ts';
import { MINUTE, visitTime, word } from '../clock.ts';
import { customerClient, customerOf } from '../customer.ts';
import type { Customer } from '../customer.ts';
import { act, request } from '../scenario-event.ts';
import type { ScenarioEvent } from '../scenario-event.ts';
import type { Client, Site } from '../site.ts';

const NOTES = [
  '', '', '', 'Please deliver before 6pm', 'Leave it with the neighbour; thanks!', 'Bitte nicht klingeln -- Baby schläft', "It's a gift: no invoice, please", 'Ring twice & wait',
  '2 or 3 days are fine',
] as const;

/** The order form as the browser posts it. */
function checkoutForm({ first, last, email, phone, street, city }: Customer, gateway: string, note: string): string {
  const [postcode = '', place = ''] = city.split(/ (.*)/);
  return new URLSearchParams({
    billing_first_name: first, billing_last_name: last, billing_company: '', billing_country: 'DE', billing_address_1: street, billing_postcode: postcode, billing_city: place, billing_phone: phone, billing_email: email,
    order_comments: note, payment_method: gateway, 'woocommerce-process-checkout-nonce': '4a1b9c2d7e', _wp_http_referer: '/?wc-ajax=update_order_review',
  }).toString();
}

/** An order, paid at once, at a later try, or not at all. */
function* order(site: Site, at: number, customer: Customer, client: Client, random: Random): Generator<ScenarioEvent> {
  const id = 10_000 + random.below(80_000);
  const total = Math.round((9 + random() * random() * 320) * 100) / 100;
  const page = { referrer: `https://${site.domain}/checkout/` };
  const fields = { 'woocommerce.order.id': id, 'woocommerce.order.total': total, 'woocommerce.payment.gateway': site.gateway };
  yield request(site, at, client, `POST /?wc-ajax=add_to_cart`, { body: `product_id=${100 + random.below(900)}&quantity=${1 + random.below(3)}`, bytes: 900 });
  yield request(site, at + 20_000, client, 'GET /checkout/', { bytes: 31_000 });
  yield request(site, at + 60_000, client, 'POST /?wc-ajax=update_order_review', { ...page, bytes: 2_300 });
  yield request(site, at + 120_000, client, 'POST /?wc-ajax=checkout', { ...page, bytes: 340, body: checkoutForm(customer, site.gateway, random.pick(NOTES)) });
  yield act(site, at + 120_100, 'database/order-created', client, { fields: { ...fields, 'woocommerce.order.price_ratio': 1, 'woocommerce.order.coupons': random.chance(0.1) ? 1 : 0 } });
  const card = word(random, 16, 'abcdefghijklmnop');
  let paidAt = at + 123_000;
  for (let tries = 0; tries < 3 && random.chance(0.06); tries++, paidAt += MINUTE) yield act(site, paidAt, 'payment/payment-failed', client, {
    outcome: 'failure',
    fields: { ...fields, 'woocommerce.payment.reason': random.pick(['card_declined', 'card_declined', 'gateway_error', 'authentication_failed']), 'woocommerce.payment.card': card },
  });
  yield act(site, paidAt, 'payment/payment-complete', client, { fields: { ...fields, 'woocommerce.payment.card': card } });
  yield act(site, paidAt + 500, 'email/mail-sent', {}, { fields: {
    'destination.domain': 'mail.relay.example', 'wordpress.outbound.purpose': 'mail', 'email.to.address': customer.email, 'email.subject': `Your order ${id}`,
    'email.body': `Hello ${customer.first} ${customer.last}, thank you for order ${id} of ${total} EUR. We ship to ${customer.street}, ${customer.city}.`, 'wordpress.outbound.known': true,
  } });
  yield request(site, paidAt + 1_500, client, `GET /checkout/order-received/${id}/?key=wc_order_${word(random, 13)}`, { ...page, bytes: 22_000 });
}

/** A customer who logs in, mistyping now and then, and looks at the own orders. */
function* account(site: Site, at: number, customer: Customer, client: Client, random: Random): Generator<ScenarioEvent> {
  const visitor: Client = { ip: client.ip, agent: client.agent };
  let inAt = at;
  for (let typo = 0; typo < 3 && random.chance(0.15); typo++, inAt += 15_000) {
    yield request(site, inAt, visitor, 'POST /my-account/', { bytes: 14_000 });
    yield act(site, inAt, 'authentication/login-failed', { ...visitor, user: customer.user }, { outcome: 'failure' });
  }
  yield request(site, inAt, visitor, 'POST /my-account/', { status: 302, bytes: 0 });
  yield act(site, inAt, 'authentication/user-login', client, { fields: {
    'wordpress.actor.place': random.chance(0.05) ? 'new' : 'known', 'wordpress.actor.device': random.chance(0.08) ? 'new' : 'known',
  } });
  const orders = random.below(3);
  for (let i = 0; i <= orders; i++) {
    const id = 10_000 + random.below(80_000);
    yield request(site, inAt + (i + 1) * 20_000, client, `GET /my-account/view-order/${id}/`, { bytes: 16_000, reads: [customer] });
    yield act(site, inAt + (i + 1) * 20_000, 'data_access/order-viewed', client, { reads: [customer], fields: { 'woocommerce.order.id': id, 'wordpress.response.foreign_subjects': 0 } });
  }
  if (random.chance(0.1)) yield request(site, inAt + 90_000, client, 'POST /my-account/edit-address/billing/', { status: 302, bytes: 0 });
}

/** So many orders and about twice as many visits to the account pages. */
export function* buyers(site: Site, day: number, orders: number, random: Random): Generator<ScenarioEvent> {
  for (let i = 0; i < orders * 3; i++) {
    const customer = customerOf(1 + random.below(3_000));
    const at = day + visitTime(random);
    const client = customerClient(customer, word(random, 16, 'abcdefghijklmnop'));
    if (i % 3 === 0) {
      const known = random.chance(0.5);
      yield* order(site, at, customer, known ? client : { ip: client.ip, agent: client.agent }, random);
      if (!known && random.chance(0.4)) yield act(site, at + 122_000, 'iam/user-created', { ip: client.ip, agent: client.agent }, { fields: { 'wordpress.role.new': 'customer', 'user.target.name': customer.user } });
    } else yield* account(site, at, customer, client, random);
  }
}
