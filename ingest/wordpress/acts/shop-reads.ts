import { GUEST, PEOPLE } from '../test-site/people.ts';
import type { ExpectedPerson, Stage, UserAct, Variant } from '../test-site/user-act.ts';

const { manager, customer, second, third } = PEOPLE;
const ABSENT = (value: unknown): boolean => value === undefined;
const BOTH: readonly Variant[] = ['single', 'hpos'];

const person = ({ email }: { readonly email: string }): ExpectedPerson => ({ type: 'customer', kind: 'email', identifier: email });
const mira = (stage: Stage): ReturnType<Stage['as']> => stage.as(manager);

/** Number and key of the newest order of a person. */
export async function orderOf(stage: Stage, { email }: { readonly email: string }): Promise<{ readonly id: string; readonly key: string }> {
  const [id = '', key = ''] = (await stage.site.php(`foreach (wc_get_orders(['limit' => 100]) as $o) { if ($o->get_billing_email() === '${email}') { echo $o->get_id() . ' ' . $o->get_order_key(); break; } }`)).trim().split(' ');
  return { id, key };
}

async function nonces(stage: Stage): Promise<Readonly<Record<string, string>>> {
  // The stand-in answers with an object of texts.
  return JSON.parse((await (await mira(stage)).ajax('woocommerce_stand_in_nonce')).text) as Record<string, string>;
}

const EDIT = (variant: Variant, id: string): string => (variant === 'hpos' ? `/wp-admin/admin.php?page=wc-orders&action=edit&id=${id}` : `/wp-admin/post.php?post=${id}&action=edit`);
const LIST = (variant: Variant): string => (variant === 'hpos' ? '/wp-admin/admin.php?page=wc-orders' : '/wp-admin/edit.php?post_type=shop_order');

export const ACTS: readonly UserAct[] = [
  {
    title: 'orders read over REST are told with their customers, not the number of requests',
    on: BOTH,
    prepare: mira,
    act: async (stage) => (await mira(stage)).rest('GET', '/wc/v3/orders', { query: { per_page: '100' } }),
    expect: [{ category: 'data_access', action: 'rest-read', times: 1, persons: [person(customer), person(third)], fields: { 'wordpress.rest.route': '/wc/v3/orders', 'wordpress.rest.capability': 'manage_woocommerce', 'wordpress.response.records': (v) => Number(v) >= 8, 'wordpress.data.classes': /pii\.address.*pii\.email.*pii\.name/, 'user.name': 'mira' } }],
  },
  {
    title: 'one order read over REST names one person with her country',
    on: BOTH,
    prepare: mira,
    act: async (stage) => (await mira(stage)).rest('GET', `/wc/v3/orders/${(await orderOf(stage, second)).id}`),
    expect: [{ category: 'data_access', action: 'rest-read', times: 1, persons: [person(second)], personCount: 1, fields: { 'wordpress.rest.route': '/wc/v3/orders/(id)', 'subjects': /jurisdiction/ } }],
  },
  {
    title: 'customers read over REST are told',
    prepare: mira,
    act: async (stage) => (await mira(stage)).rest('GET', '/wc/v3/customers', { query: { per_page: '100', search: customer.email } }),
    expect: [{ category: 'data_access', action: 'rest-read', persons: [person(customer), person(third)], personCount: 4, fields: { 'wordpress.search.token': /^[a-p]{24}$/ } }],
  },
  {
    title: 'a report about customers is told',
    prepare: mira,
    act: async (stage) => (await mira(stage)).rest('GET', '/wc-analytics/reports/customers'),
    expect: [{ category: 'data_access', action: 'rest-read', fields: { 'wordpress.rest.route': '/wc-analytics/reports/customers', 'wordpress.response.subjects': 4 } }],
  },
  {
    title: 'products read over REST name nobody',
    prepare: mira,
    act: async (stage) => (await mira(stage)).rest('GET', '/wc/v3/products'),
    silent: [{ category: 'data_access', action: '*' }],
  },
  {
    title: 'a REST key that reads orders is named',
    prepare: async (stage) => {
      const made = JSON.parse(await stage.site.php(`echo json_encode(StandIn\\RestKeys::create(get_user_by('login', 'mira')->ID, 'erp', 'read'));`)) as { readonly key_id: number; readonly consumer_key: string; readonly consumer_secret: string };
      stage.notes.set('wc-key', String(made.key_id));
      stage.notes.set('wc-basic', `${made.consumer_key}:${made.consumer_secret}`);
    },
    act: (stage) => stage.site.browser().rest('GET', '/wc/v3/orders', { basic: stage.notes.get('wc-basic') ?? '', query: { per_page: '3', page: '2' } }),
    expect: (stage) => [{ category: 'data_access', action: 'rest-read', times: 1, fields: { 'wordpress.key.id': `wc:${stage.notes.get('wc-key')}`, 'user.name': 'mira' } }],
  },
  {
    title: 'the list of orders in wp-admin is told with those on the page',
    on: BOTH,
    prepare: mira,
    act: async (stage) => (await mira(stage)).get(LIST(stage.variant)),
    expect: [{ category: 'data_access', action: 'order-list-viewed', times: 1, persons: [person(customer), person(second)], fields: { 'woocommerce.list.count': (v) => Number(v) >= 8, 'wordpress.response.foreign_subjects': (v) => Number(v) >= 4 } }],
    silent: [{ category: 'data_access', action: 'order-viewed' }],
  },
  {
    title: 'an order opened in wp-admin is told once, with its number',
    on: BOTH,
    prepare: mira,
    act: async (stage) => (await mira(stage)).get(EDIT(stage.variant, (await orderOf(stage, second)).id)),
    expect: [{ category: 'data_access', action: 'order-viewed', times: 1, persons: [person(second)], personCount: 1, fields: { 'woocommerce.order.id': (v) => Number(v) > 0, 'wordpress.response.foreign_subjects': 1, 'wordpress.request.kind': 'admin' } }],
    silent: [{ category: 'data_access', action: 'order-list-viewed' }],
  },
  {
    title: 'the preview of an order is a view of it',
    prepare: mira,
    act: async (stage) => {
      const { get_order_details: security = '' } = await nonces(stage);
      await (await mira(stage)).get(`/wp-admin/admin-ajax.php?action=woocommerce_get_order_details&order_id=${(await orderOf(stage, third)).id}&security=${security}`);
    },
    expect: [{ category: 'data_access', action: 'order-viewed', times: 1, persons: [person(third)], fields: { 'wordpress.request.kind': 'ajax', 'wordpress.ajax.action': 'woocommerce_get_order_details' } }],
    silent: [{ category: 'data_access', action: 'ajax-read', fields: { 'wordpress.ajax.action': 'woocommerce_get_order_details' } }],
  },
  {
    title: 'a search for customers while writing an order is told with whom it found',
    prepare: mira,
    act: async (stage) => {
      const { json_search_customers: security = '' } = await nonces(stage);
      await (await mira(stage)).get(`/wp-admin/admin-ajax.php?action=woocommerce_json_search_customers&term=people.example&security=${security}`);
    },
    expect: [{ category: 'data_access', action: 'ajax-read', fields: { 'wordpress.ajax.action': 'woocommerce_json_search_customers', 'wordpress.search.length': 14, 'wordpress.response.subjects': (v) => Number(v) >= 5 } }],
  },
  {
    title: 'a planted order that is opened is told as one',
    prepare: async (stage) => { await stage.site.php(`$o = wc_get_order(${(await orderOf(stage, third)).id}); $o->update_meta_data('_tourniquet_canary', '1'); $o->save();`); await mira(stage); },
    act: async (stage) => (await mira(stage)).get(EDIT(stage.variant, (await orderOf(stage, third)).id)),
    expect: [{ category: 'data_access', action: 'order-viewed', times: 1, fields: { 'woocommerce.order.canary': true } }],
    restore: async (stage) => stage.site.php(`$o = wc_get_order(${(await orderOf(stage, third)).id}); $o->update_meta_data('_tourniquet_canary', ''); $o->save();`),
  },
  {
    title: 'the list of products is no read of persons',
    prepare: mira,
    act: async (stage) => (await mira(stage)).get('/wp-admin/edit.php?post_type=product'),
    silent: [{ category: 'data_access', action: '*' }],
  },
  {
    title: 'a customer\'s view of her own order has nobody foreign in it',
    on: BOTH,
    prepare: (stage) => stage.as(customer),
    act: async (stage) => (await stage.as(customer)).get(`/my-account/?view-order=${(await orderOf(stage, customer)).id}`),
    expect: [{ category: 'data_access', action: 'order-viewed', times: 1, persons: [person(customer)], fields: { 'wordpress.response.foreign_subjects': 0, 'wordpress.request.kind': 'front' } }],
  },
  {
    title: 'an order that a visitor opens with its key says so',
    act: async (stage) => {
      const { id, key } = await orderOf(stage, third);
      await stage.site.browser().get(`/checkout/?order-received=${id}&key=${key}`);
    },
    expect: [{ category: 'data_access', action: 'order-viewed', times: 1, persons: [person(third)], fields: { 'wordpress.request.order_key': true, 'user.name': ABSENT } }],
  },
  {
    title: 'an order that its key does not open is not told as viewed',
    act: async (stage) => stage.site.browser().get(`/checkout/?order-received=${(await orderOf(stage, third)).id}&key=wc_order_guessed`),
    silent: [{ category: 'data_access', action: 'order-viewed' }],
  },
  {
    title: 'a bought file that is downloaded is told with order and customer',
    act: async (stage) => {
      const { key } = await orderOf(stage, second);
      const uid = (await stage.site.php(`echo hash('sha256', '${second.email}');`)).trim();
      await stage.site.browser().get(`/?download_file=7&order=${key}&uid=${uid}`);
    },
    expect: [{ category: 'data_access', action: 'product-downloaded', times: 1, persons: [person(second)], fields: { 'woocommerce.order.id': (v) => Number(v) > 0, 'woocommerce.product.id': 7 } }],
    silent: [{ category: 'data_export', action: '*' }],
  },
  {
    title: 'a report of customers that is exported is told with its rows, urgently',
    prepare: mira,
    act: async (stage) => (await mira(stage)).rest('POST', '/wc-analytics/reports/customers/export', { body: { report_args: {} } }),
    expect: [{ category: 'data_export', action: 'customers-exported', times: 1, persons: [person(customer), person(second)], fields: { 'woocommerce.export.rows': 4, 'woocommerce.export.format': 'csv', 'wordpress.export.report': 'customers' } }],
  },
  {
    title: 'a price list that is exported is told with its rows',
    prepare: mira,
    act: async (stage) => {
      const { do_ajax_product_export: security = '' } = await nonces(stage);
      await (await mira(stage)).ajax('woocommerce_do_ajax_product_export', { security, form: 'x=1', step: '1', filename: 'p.csv' });
    },
    expect: [{ category: 'data_export', action: 'products-exported', times: 1, fields: { 'woocommerce.export.rows': 3, 'wordpress.data.classes': ['ip.price_list'] } }],
    forbidden: [GUEST.email],
  },
];
