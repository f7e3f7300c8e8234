import { loggedIn } from '../breach-story.ts';
import type { BreachStory } from '../breach-story.ts';
import { TOOLS } from '../../scenarios/scene.ts';

export const openedAccounts: BreachStory = {
  name: 'opened-accounts', title: 'passwords from elsewhere open the accounts of customers, one after another, from one address', site: 'payfox',
  tell(s) {
    const thief = s.stranger(0, TOOLS.script);
    const opened = Array.from({ length: 14 }, (_, i) => ({ ...s.customerClient(900 + i), ip: thief.ip, agent: thief.agent, session: s.word(24, 'abcdefghijklmnop') }));
    const views = opened.flatMap((who, i) => [loggedIn(s, s.at('2:00') + i * 240_000, who), ...s.every(s.at('2:01') + i * 240_000, '20s', 3, (at, n) => s.act(at, 'data_access/order-viewed', who, { 'woocommerce.order.id': 70_000 + i * 10 + n }, { reads: [s.customer(900 + i)] }))]);
    const tries = s.every(s.at('1:30'), '10s', 80, (at, i) => s.act(at, 'authentication/login-failed', { ...thief, user: s.customer(1_000 + i).user }, {}, { outcome: 'failure' }));
    return {
      breach: [tries, views],
      decoys: opened.slice(0, 4).map((_, i) => s.every(s.at('18:00', -1), '30s', 3, (at) => s.act(at, 'data_access/order-viewed', s.customerClient(900 + i), { 'woocommerce.order.id': 71_000 + i }, { reads: [s.customer(900 + i)] }))),
      asks: [{ seed: { kind: 'address', value: thief.ip } }, { seed: { kind: 'alert', event: views[1]! } }], // Each account was looked at.
    };
  },
};
