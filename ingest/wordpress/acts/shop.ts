import { inputOf } from '../test-site/browser.ts';
import { GUEST, PEOPLE } from '../test-site/people.ts';
import type { ExpectedPerson, Stage, UserAct, Variant } from '../test-site/user-act.ts';
import { calm } from './database.ts';
import { orderOf } from './shop-reads.ts';

const { manager, administrator, second, third } = PEOPLE;
const ABSENT = (value: unknown): boolean => value === undefined;
const BOTH: readonly Variant[] = ['single', 'hpos'];

const person = ({ email }: { readonly email: string }): ExpectedPerson => ({ type: 'customer', kind: 'email', identifier: email });
const mira = (stage: Stage): ReturnType<Stage['as']> => stage.as(manager);

function checkout(stage: Stage, more: Readonly<Record<string, string>> = {}): Promise<unknown> {
  return stage.site.browser().post('/?wc-ajax=checkout', { billing_first_name: GUEST.firstName, billing_last_name: GUEST.lastName, billing_email: GUEST.email, billing_phone: GUEST.phone, billing_address_1: GUEST.street, billing_country: GUEST.country, payment_method: 'cod', order_comments: 'The bell is broken', ...more });
}

const CHANGES: readonly UserAct[] = [
  {
    title: 'an order of a guest is told with its buyer and its price',
    on: BOTH,
    act: checkout,
    expect: [
      { category: 'database', action: 'order-created', times: 1, persons: [person(GUEST)], personCount: 1, fields: { 'woocommerce.order.price_ratio': 1, 'woocommerce.order.coupons': 0, 'user.name': ABSENT, 'woocommerce.order.currency': 'EUR' } },
      { category: 'payment', action: 'payment-complete', times: 1, fields: { 'event.outcome': 'success', 'woocommerce.payment.method': 'cod' } },
    ],
    silent: [{ category: 'database', action: 'order-updated' }],
    forbidden: ['The bell is broken'],
  },
  {
    title: 'an order far below its price tells the ratio',
    act: (stage) => checkout(stage, { stand_in_total: '1.00' }),
    expect: [{ category: 'database', action: 'order-created', fields: { 'woocommerce.order.price_ratio': 0.1 } }],
  },
  {
    title: 'a refused card is told with a reason of our own words',
    act: (stage) => checkout(stage, { payment_method: 'decline' }),
    expect: [{ category: 'payment', action: 'payment-failed', times: 1, persons: [person(GUEST)], fields: { 'event.outcome': 'failure', 'woocommerce.payment.reason': 'card_declined', 'woocommerce.payment.method': 'decline' } }],
    silent: [{ category: 'payment', action: 'payment-complete' }],
  },
  {
    title: 'an order that is edited over REST is told once, by the names of its fields',
    on: BOTH,
    prepare: mira,
    act: async (stage) => (await mira(stage)).rest('PUT', `/wc/v3/orders/${(await orderOf(stage, second)).id}`, { body: { billing: { phone: '+44 20 7946 0777' }, status: 'on-hold' } }),
    expect: [{ category: 'database', action: 'order-updated', times: 1, persons: [person(second)], fields: { 'wordpress.data.fields': ['billing_phone', 'status'], 'woocommerce.order.status': 'on-hold', 'user.name': 'mira' } }],
    forbidden: ['7946 0777'],
    restore: async (stage) => (await mira(stage)).rest('PUT', `/wc/v3/orders/${(await orderOf(stage, second)).id}`, { body: { billing: { phone: second.phone }, status: 'processing' } }),
  },
  {
    title: 'an order that is saved on its screen is told by the names of its fields',
    on: BOTH,
    prepare: mira,
    act: async (stage) => {
      const browser = await mira(stage);
      const { id } = await orderOf(stage, third);
      const path = stage.variant === 'hpos' ? `/wp-admin/admin.php?page=wc-orders&action=edit&id=${id}` : `/wp-admin/post.php?post=${id}&action=edit`;
      const page = await browser.get(path);
      const form = { woocommerce_meta_nonce: inputOf(page.text, 'woocommerce_meta_nonce'), order_status: 'wc-on-hold', _billing_email: third.email };
      await (stage.variant === 'hpos' ? browser.post(path, form) : browser.post('/wp-admin/post.php', { ...form, action: 'editpost', post_ID: id, post_type: 'shop_order', _wpnonce: inputOf(page.text, '_wpnonce') }));
    },
    expect: [{ category: 'database', action: 'order-updated', times: 1, persons: [person(third)], fields: { 'wordpress.data.fields': ['status'], 'woocommerce.order.status': 'on-hold', 'wordpress.request.kind': 'admin' } }],
    restore: async (stage) => (await mira(stage)).rest('PUT', `/wc/v3/orders/${(await orderOf(stage, third)).id}`, { body: { status: 'processing' } }),
  },
  {
    title: 'orders that are edited in one batch are told each',
    prepare: mira,
    act: async (stage) => (await mira(stage)).rest('POST', '/wc/v3/orders/batch', { body: { update: [{ id: (await orderOf(stage, second)).id, status: 'completed' }, { id: (await orderOf(stage, third)).id, status: 'completed' }] } }),
    expect: [{ category: 'database', action: 'order-updated', times: 2 }, { category: 'data_access', action: 'rest-read', times: 1, persons: [person(second), person(third)], fields: { 'wordpress.rest.batch': true, 'wordpress.rest.route': '/wc/v3/orders/batch' } }],
  },
  {
    title: 'an order that is saved without a change is not told as changed',
    prepare: mira,
    act: async (stage) => (await mira(stage)).rest('PUT', `/wc/v3/orders/${(await orderOf(stage, third)).id}`, { body: {} }),
    silent: [{ category: 'database', action: 'order-updated' }],
  },
  {
    title: 'a note on an order is told by its length',
    prepare: mira,
    act: async (stage) => (await mira(stage)).rest('POST', `/wc/v3/orders/${(await orderOf(stage, third)).id}/notes`, { body: { note: 'Rang twice, nobody home' } }),
    expect: [{ category: 'database', action: 'order-updated', times: 1, persons: [person(third)], fields: { 'woocommerce.order.notes': 1, 'woocommerce.order.note_length': 23, 'wordpress.data.fields': ['note'] } }],
    forbidden: ['nobody home'],
  },
  {
    title: 'an order that is deleted is told with its customer',
    on: BOTH,
    prepare: async (stage) => { await checkout(stage); await mira(stage); },
    act: async (stage) => (await mira(stage)).rest('DELETE', `/wc/v3/orders/${(await orderOf(stage, GUEST)).id}`, { query: { force: 'true' } }),
    expect: [{ category: 'database', action: 'order-deleted', times: 1, persons: [person(GUEST)] }],
  },
  {
    title: 'a refund is told with amount and ratio',
    on: BOTH,
    prepare: mira,
    act: async (stage) => (await mira(stage)).rest('POST', `/wc/v3/orders/${(await orderOf(stage, second)).id}/refunds`, { body: { amount: '1.50', reason: 'arrived late at the harbour', api_refund: false } }),
    expect: [{ category: 'payment', action: 'refund-created', times: 1, persons: [person(second)], fields: { 'woocommerce.refund.amount': 1.5, 'woocommerce.refund.ratio': (v) => Number(v) > 0 && Number(v) < 1, 'woocommerce.refund.target': ABSENT } }],
    forbidden: ['arrived late'],
  },
  {
    title: 'a refund that the gateway sends back goes where the payment came from',
    prepare: mira,
    act: async (stage) => (await mira(stage)).rest('POST', `/wc/v3/orders/${(await orderOf(stage, second)).id}/refunds`, { body: { amount: '0.50', api_refund: true } }),
    expect: [{ category: 'payment', action: 'refund-created', fields: { 'woocommerce.refund.target': 'same' } }],
  },
];

async function saveBacs(stage: Stage, form: Readonly<Record<string, string>>): Promise<void> {
  const browser = await mira(stage);
  const page = '/wp-admin/admin.php?page=wc-settings&tab=checkout&section=bacs';
  await browser.post(page, { _wpnonce: inputOf((await browser.get(page)).text, '_wpnonce'), save: 'Save changes', ...form });
}

const SETTINGS: readonly UserAct[] = [
  {
    title: 'a gateway\'s settings are told by the names of what changed',
    prepare: mira,
    act: async (stage) => (await mira(stage)).rest('PUT', '/wc/v3/payment_gateways/stripe', { body: { enabled: true, settings: { testmode: 'no', secret_key: 'sk_made_up_0123', account_id: 'acct_made_up_1' } } }),
    expect: [{ category: 'configuration', action: 'option-updated', times: 1, fields: { 'wordpress.option.name': 'woocommerce_stripe_settings', 'wordpress.option.group': 'payment_gateway', 'wordpress.option.new': 'yes', 'wordpress.data.fields': ['account_id', 'enabled', 'secret_key', 'testmode'] } }],
    silent: [{ category: 'payment', action: 'payout-account-changed' }],
    forbidden: ['sk_made_up', 'acct_made_up'],
  },
  {
    title: 'a gateway that pays to another account is told',
    prepare: mira,
    act: async (stage) => (await mira(stage)).rest('PUT', '/wc/v3/payment_gateways/stripe', { body: { settings: { account_id: `acct_made_up_${Date.now()}` } } }),
    expect: [{ category: 'payment', action: 'payout-account-changed', times: 1, fields: { 'wordpress.option.name': 'woocommerce_stripe_settings', 'wordpress.data.fields': ['account_id'], 'user.name': 'mira' } }],
    forbidden: ['acct_made_up'],
  },
  {
    title: 'bank details that are changed are told without them',
    prepare: mira,
    act: (stage) => saveBacs(stage, { 'woocommerce_bacs_title': `Transfer ${Date.now()}`, 'bacs_account_name[0]': 'Made-up Shop', 'bacs_iban[0]': 'GB33BUKB20201555555555' }),
    expect: [{ category: 'payment', action: 'bank-details-changed', times: 1, fields: { 'wordpress.option.name': 'woocommerce_bacs_accounts', 'user.name': 'mira' } }, { category: 'configuration', action: 'option-updated', fields: { 'wordpress.option.name': 'woocommerce_bacs_settings', 'wordpress.data.fields': ['title'] } }],
    forbidden: ['GB33BUKB'],
  },
  {
    title: 'a gateway that is saved as it was is not told',
    prepare: async (stage) => { await mira(stage); await saveBacs(stage, { woocommerce_bacs_title: 'Same' }); },
    act: (stage) => saveBacs(stage, { woocommerce_bacs_title: 'Same' }),
    silent: [{ category: 'configuration', action: 'option-updated' }, { category: 'payment', action: '*' }],
  },
  {
    title: 'a webhook is told by the host it sends to',
    prepare: mira,
    act: async (stage) => (await mira(stage)).rest('POST', '/wc/v3/webhooks', { body: { name: 'w', topic: 'order.created', delivery_url: 'https://hooks.warehouse.example/in?token=abc' } }),
    expect: [{ category: 'configuration', action: 'webhook-created', times: 1, fields: { 'destination.domain': 'hooks.warehouse.example', 'woocommerce.webhook.topic': 'order.created', 'wordpress.outbound.known': false } }],
    forbidden: ['token=abc'],
  },
  {
    title: 'a coupon that gives goods away is told with what it gives',
    prepare: mira,
    act: async (stage) => (await mira(stage)).rest('POST', '/wc/v3/coupons', { body: { code: `gift-${Date.now()}`, discount_type: 'percent', amount: '95', usage_limit: 3 } }),
    expect: [{ category: 'configuration', action: 'coupon-created', times: 1, fields: { 'woocommerce.coupon.type': 'percent', 'woocommerce.coupon.amount': 95, 'woocommerce.coupon.usage_limit': 3 } }],
  },
  {
    title: 'a REST key that is made is told with its owner',
    prepare: (stage) => stage.as(administrator),
    act: async (stage) => {
      const browser = await stage.as(administrator);
      // The stand-in answers with an object of texts.
      const { update_api_key: security = '' } = JSON.parse((await browser.ajax('woocommerce_stand_in_nonce')).text) as Record<string, string>;
      await browser.ajax('woocommerce_update_api_key', { security, key_id: '0', description: 'erp', user: String(await stage.site.userId(manager)), permissions: 'read_write' });
    },
    expect: [{ category: 'iam', action: 'api-key-created', times: 1, fields: { 'user.target.name': 'mira', 'wordpress.key.permissions': 'read_write', 'wordpress.key.id': /^wc:\d+$/, 'user.name': 'ada' } }],
  },
  {
    title: 'a REST key that code writes into the table is told, too, and one that is revoked',
    act: (stage) => stage.site.php("global $wpdb; StandIn\\RestKeys::create(get_user_by('login', 'ada')->ID, 'x', 'read_write'); $wpdb->delete($wpdb->prefix . 'woocommerce_api_keys', ['key_id' => $wpdb->insert_id]);"),
    expect: [{ category: 'iam', action: 'api-key-created', times: 1 }, { category: 'iam', action: 'api-key-revoked', times: 1 }],
  },
  {
    title: 'a review is told as one, without its text',
    prepare: calm,
    act: async (stage) => {
      const product = (await stage.site.php("echo get_posts(['post_type' => 'product', 'fields' => 'ids'])[0];")).trim();
      await stage.site.browser().post('/wp-comments-post.php', { comment: 'Tastes of pier and rope.', author: GUEST.firstName, email: GUEST.email, url: '', comment_post_ID: product, comment_parent: '0' });
    },
    expect: [{ category: 'database', action: 'review-posted', times: 1, persons: [person(GUEST)], fields: { 'wordpress.comment.length': 24 } }],
    forbidden: ['pier and rope'],
    restore: ({ site }) => site.php("global $wpdb; $wpdb->query(\"DELETE FROM {$wpdb->comments} WHERE comment_content LIKE 'Tastes of%'\");"),
  },
];

export const ACTS: readonly UserAct[] = [...CHANGES, ...SETTINGS];
