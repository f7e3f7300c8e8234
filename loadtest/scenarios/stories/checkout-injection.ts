import type { Story } from '../story.ts';
import { TOOLS } from '../scene.ts';

export const checkoutInjection: Story = {
  name: 'checkout-injection', title: 'SQL injection in checkout fields, told by the database',
  items: ['injection.sqli-checkout'], site: 'garten-werk',
  attack(s) {
    const intruder = s.stranger(0, TOOLS.script);
    return s.every(s.at('3:40'), '15s', 18, (at, i) => {
      const trick = `x' AND (SELECT ${i + 1} FROM (SELECT SLEEP(5))a)-- -`;
      return [
        s.request(at, intruder, 'POST /?wc-ajax=checkout', { bytes: 240, body: `billing_first_name=Eve&billing_postcode=${encodeURIComponent(trick)}&payment_method=paypal` }),
        { ...s.phpLog(at + 20, `WordPress database error You have an error in your SQL syntax; check the manual for the right syntax to use near '${trick}' at line 1 for query SELECT zone_id FROM wp_woocommerce_shipping_zone_locations WHERE location_code = '${trick}' made by WC_AJAX::checkout`) },
      ];
    });
  },
  lookAlike: {
    title: "customers called O'Neil, Union and D'Angelo order",
    events: (s) =>
      s.every(s.at('16:00'), '4m', 12, (at, i) => s.request(at, s.visitor(), 'POST /?wc-ajax=checkout', {
        bytes: 340,
        body: new URLSearchParams({
          billing_first_name: 'Seán', billing_last_name: ["O'Neil", "D'Angelo", 'Union', 'Or'][i % 4] ?? '', billing_address_1: '1 or 2, Select Court -- ring twice',
          order_comments: "It's for the union; select the blue one & drop it at the table", payment_method: 'paypal',
        }).toString(),
      })),
  },
};
