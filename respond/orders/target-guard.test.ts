import { describe, expect, test } from 'vitest';
import type { CommandAction } from '../../contracts/command.ts';
import { seededRandom } from '../../contracts/seeded-random.ts';
import { targetProblem } from './target-guard.ts';

const GOOD: readonly (readonly [CommandAction, readonly string[]])[] = [
  ['suspend-sessions', ['marta', 'Marta B. Muster', 'abcdefghijklmnopabcdefgh', 'šéf']],
  ['revoke-application-password', ['0d9f5a3e-6a7e-4a67-9c59-5f6f8f2f0b11']],
  ['revoke-api-key', ['wc:1', 'wc:4711']],
  ['disable-plugin', ['broken-forms', 'Old_Plugin.2']],
  ['block-route', ['/wp-json/wc/v3/customers', '/wp-json/wc/v3/customers/', '/wp-admin/export.php', '/backup/', '/checkouts-old', '/.git', '/api', '/wp-json/wc/v3/orders']],
  ['block-address', ['192.0.2.7', '192.0.2.0/24', '198.51.0.0/16', '2001:db8::1', '2001:db8::/48', 'fd12:3456::7']],
  ['block-host', ['telemetry.example', 'a.b.c.example', 'xn--bcher-kva.example', '_dmarc.example']],
  ['exports-off', ['']],
  ['capture-forensics', ['', 'plugins', 'plugins,sessions,changes,cron,administrators,debug-log']],
];

const BAD: readonly (readonly [CommandAction, readonly string[]])[] = [
  ['suspend-sessions', ['', 'mara@shop.example', ' marta', 'a\nb', 'a'.repeat(61), "x' OR 1=1"]],
  ['revoke-application-password', ['', '1', '0D9F5A3E-6A7E-4A67-9C59-5F6F8F2F0B11', '*']],
  ['revoke-api-key', ['7', 'wc:0', 'wc:', 'wc:01', 'ck_123', 'wc:99999999999']],
  ['disable-plugin', ['', 'woocommerce', 'WooCommerce', 'tourniquet', '../akismet', 'a/b.php', 'a b']],
  // The start of a needed path, a needed path, and what lies below one.
  ['block-route', ['', '/', '//', '/w', '/wp', '/wp-', '/wp-json', '/wp-json/', '/wp-json/wc', '/wp-json/wc/', '/wp-admin', '/wp-admin/', '/wp-login.php', '/WP-LOGIN.PHP', '/checkout', '/checkout/', '/Checkout/order-pay/', '/c', '/s', '/ab/', '/cart', '/my-account/orders', '/wc-api', '/wc-api/stripe', '/wp-json/wc/store/v1/checkout', '/wp-admin/admin-ajax.php', '/wp-json/tourniquet/v1', '/a/../b', '/./checkout', '/a//b', '/a?b', '/a#b', '/a%2e', '/a*', 'a', '/a b', '/a\u0000', `/${'a'.repeat(256)}`]],
  ['block-address', ['', '0.0.0.0/0', '0.0.0.0', '::/0', '::', '::1', '127.0.0.1', '127.1.2.0/24', '10.0.0.0/8', '192.0.2.0/15', '2001:db8::/31', '192.0.2.7/33', '192.0.2.7/', '192.0.2.7/-1', '192.0.2.7/08', '192.0.2.7/24/24', '192.0.2', '192.0.2.7 ', '::ffff:192.0.2.7', '0:0:0:0:0:ffff:c000:207', '::2/64', '::7f00:1', '64:ff9b::/96', 'fe80::1', 'fe80::1%eth0', '169.254.0.1', 'localhost', '1']],
  ['block-host', ['', 'com', 'localhost', 'Telemetry.example', 'a..b', '.example', 'example.', '-a.example', 'a-.example', '192.0.2.7', 'https://a.example', 'a.example/x', 'a.example:443', '*.example', 'stripe.com', 'api.stripe.com', 'www.paypal.com', `${'a.'.repeat(130)}example`, 'a.exa mple', 'a.exämple']],
  ['exports-off', ['all']],
  ['capture-forensics', ['users', 'plugins,plugins', 'plugins,', ',']],
  ['undo', ['5']],
  ['set-policy', ['{}']],
];

describe('the guard', () => {
  test.each(GOOD.flatMap(([action, targets]) => targets.map((target) => [action, target] as const)))('lets %s %s through', (action, target) => expect(targetProblem(action, target)).toBeUndefined());
  test.each(BAD.flatMap(([action, targets]) => targets.map((target) => [action, target] as const)))('keeps %s %s back', (action, target) => expect(targetProblem(action, target)).toEqual(expect.stringMatching(/./)));

  test('no route that it lets through is the start of a needed path, in any case or with any slashes at its end (seed 20261121)', () => {
    const random = seededRandom(20_261_121);
    const needed = ['/wp-login.php', '/wp-json/wc/store/v1/cart', '/checkout/order-received/5', '/wc-api/wc_gateway', '/my-account/', '/wp-admin/admin-ajax.php', '/cart/'];
    for (let i = 0; i < 5_000; i++) {
      const path = random.pick(needed);
      const cut = path.slice(0, 1 + random.below(path.length)) + '/'.repeat(random.below(3));
      const spelled = [...cut].map((c) => (random.chance(0.3) ? c.toUpperCase() : c)).join('');
      const blocks = path.toLowerCase().startsWith(spelled.toLowerCase().replace(/\/+$/, ''));
      expect([spelled, blocks && targetProblem('block-route', spelled) === undefined]).toEqual([spelled, false]);
    }
  });
});
