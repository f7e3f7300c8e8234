import type { Story } from '../story.ts';
import { TOOLS } from '../scene.ts';

export const stuffedAccount: Story = {
  name: 'stuffed-account', title: 'leaked passwords tried until a manager account opens',
  items: ['identity.stuffing'], site: 'garten-werk',
  attack(s) {
    const bot = s.stranger(0, TOOLS.script);
    const thief = s.stolen('support', bot);
    return [
      s.every(s.at('2:00'), '8s', 45, (at, i) => s.act(at, 'authentication/login-failed', { ...bot, user: s.customer(i * 11).user }, {}, { outcome: 'failure' })),
      s.act(s.at('2:08'), 'authentication/user-login', thief),
      s.act(s.at('2:10'), 'data_access/order-list-viewed', thief, { 'woocommerce.list.count': 100 }, { reads: s.customers(100) }),
    ];
  },
  lookAlike: {
    title: 'a password manager with an old entry tries four times, then its owner types',
    events: (s) => [
      s.every(s.at('8:50'), '10s', 4, (at) => s.act(at, 'authentication/login-failed', s.staff('editor'), {}, { outcome: 'failure' })),
      s.act(s.at('8:53'), 'authentication/user-login', s.staff('editor')),
    ],
  },
};
