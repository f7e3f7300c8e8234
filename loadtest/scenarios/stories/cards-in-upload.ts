import { CARD, OTHER_CARD } from '../planted-data.ts';
import type { Story } from '../story.ts';

export const cardsInUpload: Story = {
  name: 'cards-in-upload', title: 'a list of cards put into the media library, cards typed into notes',
  items: ['misplaced-data.upload', 'money.card-outside-field'], site: 'payfox',
  attack: (s) => [
    s.act(s.at('12:00'), 'file/file-uploaded', s.staff('support'), {
      'file.name': 'chargebacks.csv', 'file.path': 'wp-content/uploads/2026/11/chargebacks.csv', 'file.extension': 'csv', 'file.mime_type': 'text/csv', 'wordpress.upload.public': true,
      'wordpress.upload.sample': `name;card\n${s.customer(1).last};${CARD}\n${s.customer(2).last};${OTHER_CARD}`,
    }, { reads: s.customers(2) }),
    s.every(s.at('13:00'), '20m', 5, (at, i) =>
      s.act(at, 'database/order-updated', s.staff('support'), {
        'woocommerce.order.id': 70_000 + i, 'woocommerce.order.note': `Phone order, card ${CARD} exp 12/27 cvv 123`,
      }, { reads: [s.customer(i)] })),
    s.request(s.at('15:00'), s.visitor(), 'POST /wp-json/contact/v1/message', { body: JSON.stringify({ text: `Please charge ${OTHER_CARD}, CVV 737` }), bytes: 90 }),
  ],
  lookAlike: {
    title: 'a price list is uploaded, notes name the last digits and parcels',
    events: (s) => [
      s.act(s.at('12:10'), 'file/file-uploaded', s.staff('support'), {
        'file.name': 'fees-2026.csv', 'file.path': 'wp-content/uploads/2026/11/fees-2026.csv', 'file.extension': 'csv', 'file.mime_type': 'text/csv', 'wordpress.upload.public': true,
        'wordpress.upload.sample': 'sku;gtin;price\n4006381;4006381333931;12.90',
      }),
      s.every(s.at('13:10'), '20m', 5, (at, i) =>
        s.act(at, 'database/order-updated', s.staff('support'), {
          'woocommerce.order.id': 70_100 + i,
          'woocommerce.order.note': [
            'Card ending 4242 refunded', 'Parcel 00340434161094042557 sent', 'Visa **** **** **** 4242', 'Reference 4242424242424241 of the bank', 'Token pm_1Q2w3E4r5T6y kept',
          ][i] ?? '',
        })),
    ],
  },
};
