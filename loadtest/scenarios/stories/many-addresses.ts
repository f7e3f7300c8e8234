import type { Story } from '../story.ts';

export const manyAddresses: Story = {
  name: 'many-addresses', title: 'leaked passwords tried from hundreds of addresses, and some fit',
  items: ['identity.stuffing'], site: 'garten-werk',
  attack: (s) => [
    s.every(s.at('3:00'), '4s', 400, (at, i) => s.act(at, 'authentication/login-failed', { ...s.visitor(), user: s.customer(i * 5).user }, {}, { outcome: 'failure' })),
    s.every(s.at('3:08'), '3m', 6, (at, i) => {
      const victim = { ...s.visitor(), user: s.customer(i * 95).user, roles: ['customer'], session: s.word(24, 'abcdefghijklmnop') };
      return [
        s.act(at, 'authentication/user-login', victim, { 'wordpress.actor.place': 'new', 'wordpress.actor.device': 'new' }),
        s.act(at + 5_000, 'data_access/order-viewed', victim, { 'woocommerce.order.id': 40_000 + i, 'wordpress.response.foreign_subjects': 0 }, { reads: [s.customer(i * 95)] }),
      ];
    }),
  ],
  lookAlike: {
    title: 'after a mailing hundreds of customers log in, and a fifth of them mistype',
    events: (s) =>
      s.every(s.at('18:00'), '12s', 300, (at, i) => s.act(at, i % 5 === 0 ? 'authentication/login-failed' : 'authentication/user-login', s.customerClient(600 + i), i % 5 === 0 ? {} : {
        'wordpress.actor.place': 'known', 'wordpress.actor.device': i % 11 === 0 ? 'new' : 'known',
      }, { outcome: i % 5 === 0 ? 'failure' : 'success' })),
  },
};
