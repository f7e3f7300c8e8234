import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { corpusRows } from '../../../contracts/reference-data.ts';
import { PEOPLE } from '../test-site/people.ts';
import { WordPressSite } from '../test-site/wordpress-site.ts';

type Shape = string | null | readonly unknown[] | Readonly<Record<string, unknown>>;

interface Fired {
  readonly hook: string;
  readonly args: readonly Shape[];
}

const RECORDED = corpusRows('woocommerce/hooks.ndjson');

/** The real shop's too, but not in the recording: what names a status that no recorded order took, what only draws the page, a payment's own. */
const NOT_RECORDED = /^woocommerce_(loaded|order_status_[a-z_-]+|admin_order_data_after_[a-z_]+|(pre_)?payment_complete)$/;

const RECORDER = `<?php
function stand_in_shape($value) {
    if (is_object($value)) { return get_class($value); }
    if (is_array($value)) { return array_keys($value) === range(0, count($value) - 1) ? ['list of'] : (object) array_fill_keys(array_map('strval', array_keys($value)), 1); }
    return ['integer' => 'int', 'boolean' => 'bool', 'double' => 'float', 'NULL' => null][gettype($value)] ?? gettype($value);
}
add_action('all', static function ($hook, ...$args) {
    if (strncmp($hook, 'woocommerce_', 12) === 0 && strpos($hook, '_page_') === false) {
        file_put_contents(FILE, json_encode(['hook' => $hook, 'args' => array_map('stand_in_shape', $args)]) . "\\n", FILE_APPEND);
    }
}, 10, 99);
`;

/** The kind of a value: classes by name, the shop's own order as the order it is, lists and maps as arrays. */
function kindOf(shape: Shape): string {
  if (typeof shape === 'string') return shape.replace(/^Automattic\\WooCommerce\\Admin\\Overrides\\Order(Refund)?$/, (_all, refund: string | undefined) => (refund === undefined ? 'WC_Order' : 'WC_Order_Refund'));
  return shape === null ? 'null' : 'array';
}

function signature({ args }: Fired): string {
  return args.map(kindOf).join(', ');
}

describe.skipIf(RECORDED === undefined)('the stand-in shop', () => { // The corpora are absent on a user's machine; in CI that is an error.
  let site: WordPressSite;
  const recorded = new Map<string, Set<string>>();
  let fired: readonly Fired[];

  beforeAll(async () => {
    // The recording's own format.
    for (const { hooks } of (RECORDED ?? []) as readonly { readonly hooks: readonly Fired[] }[]) {
      for (const one of hooks) recorded.set(one.hook, (recorded.get(one.hook) ?? new Set<string>()).add(signature(one)));
    }
    site = await WordPressSite.start({ plugin: 'none' });
    const file = path.join(site.directory, 'hooks');
    writeFileSync(path.join(site.tree.root, 'wp-content/mu-plugins/recorder.php'), RECORDER.replace('FILE,', `'${file}',`));
    for (const isHpos of [false, true]) {
      await site.php(`update_option('woocommerce_custom_orders_table_enabled', '${isHpos ? 'yes' : 'no'}');`);
      await useShop(isHpos);
    }
    fired = readFileSync(file, 'utf8').trim().split('\n').map((line) => JSON.parse(line) as Fired);
  });

  afterAll(() => site?.[Symbol.asyncDispose]());

  async function useShop(isHpos: boolean): Promise<void> {
    const staff = await site.loggedIn(PEOPLE.manager);
    // As the route answers.
    const [order] = JSON.parse((await staff.rest('GET', '/wc/v3/orders')).text) as readonly { readonly id: number }[];
    const id = order?.id ?? 0;
    await staff.rest('PUT', `/wc/v3/orders/${id}`, { body: { status: 'on-hold' } });
    await staff.rest('POST', `/wc/v3/orders/${id}/notes`, { body: { note: 'called back' } });
    await staff.rest('POST', `/wc/v3/orders/${id}/refunds`, { body: { amount: '1.00' } });
    await staff.rest('GET', '/wc/v3/customers');
    await staff.rest('POST', '/wc-analytics/reports/customers/export', { body: { report_args: {} } });
    await staff.rest('PUT', '/wc/v3/payment_gateways/bacs', { body: { enabled: isHpos } });
    await staff.rest('POST', '/wc/v3/webhooks', { body: { name: 'o', topic: 'order.created', delivery_url: 'https://hooks.example/x' } });
    await staff.get(isHpos ? '/wp-admin/admin.php?page=wc-orders' : '/wp-admin/edit.php?post_type=shop_order');
    await staff.get(isHpos ? `/wp-admin/admin.php?page=wc-orders&action=edit&id=${id}` : `/wp-admin/post.php?post=${id}&action=edit`);
    await site.browser().post('/?wc-ajax=checkout', { billing_first_name: 'Leo', billing_email: 'leo@people.example', payment_method: 'cod' });
    await staff.rest('DELETE', `/wc/v3/orders/${id}`);
  }

  test('fires the hooks it is for', () => {
    const names = new Set(fired.map((f) => f.hook));
    expect(['woocommerce_new_order', 'woocommerce_update_order', 'woocommerce_order_status_changed', 'woocommerce_order_note_added', 'woocommerce_order_refunded', 'woocommerce_rest_prepare_shop_order_object', 'woocommerce_new_webhook', 'woocommerce_checkout_order_processed', 'woocommerce_order_actions_start', 'woocommerce_export_admin_customers_report_row_data'].filter((h) => !names.has(h))).toEqual([]);
  });

  test('fires each with arguments that the real shop was seen to give', () => {
    const strange = new Set(fired.filter((f) => recorded.has(f.hook) && recorded.get(f.hook)?.has(signature(f)) !== true).map((f) => `${f.hook}(${signature(f)}), recorded: ${[...recorded.get(f.hook) ?? []].join(' | ')}`));
    expect([...strange]).toEqual([]);
  });

  test('fires none that the real shop does not have', () => {
    const unknown = new Set(fired.map((f) => f.hook).filter((h) => !recorded.has(h) && !NOT_RECORDED.test(h)));
    expect([...unknown]).toEqual([]);
  });
});
