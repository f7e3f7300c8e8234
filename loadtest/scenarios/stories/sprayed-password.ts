import type { Story } from '../story.ts';
import { TOOLS } from '../scene.ts';

export const sprayedPassword: Story = {
  name: 'sprayed-password', title: 'one password tried with many names until one fits',
  items: ['identity.spraying'], site: 'klinik-see',
  attack(s) {
    const sprayer = s.stranger(0, TOOLS.script);
    const hit = s.customer(19);
    return [
      s.every(s.at('21:00'), '50s', 24, (at, i) => s.act(at, 'authentication/login-failed', { ...sprayer, user: s.customer(i * 3).user }, {}, { outcome: 'failure' })),
      s.act(s.at('21:21'), 'authentication/user-login', { ...sprayer, user: hit.user, roles: ['customer'], session: s.word(24) }),
      s.act(s.at('21:22'), 'data_access/order-viewed', { ...sprayer, user: hit.user, roles: ['customer'] }, { 'woocommerce.order.id': 30_112 }, { reads: [hit] }),
    ];
  },
  lookAlike: {
    title: 'a family behind one address mistypes',
    events: (s) => s.every(s.at('19:30'), '2m', 6, (at, i) => s.act(at, 'authentication/login-failed', { ...s.customerClient(300), user: s.customer(300 + (i % 3)).user }, {}, { outcome: 'failure' })),
  },
};
