import { listed, loggedIn, ordinaryWork } from '../breach-story.ts';
import type { BreachStory } from '../breach-story.ts';

export const sharedNetwork: BreachStory = {
  name: 'shared-network', title: "a stolen log-in is used from a mobile network's address that customers share", site: 'klinik-see',
  tell(s) {
    const shared = '198.19.255.200';
    const thief = { ...s.stolen('support', { ip: shared, agent: 'Mozilla/5.0 (Linux; Android 13; TB-X606F) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36' }) };
    const lists = s.every(s.at('22:10'), '2m', 25, (at, i) => listed(s, at, thief, 1 + i * 20));
    const visit = (at: number, number: number) => {
      const who = { ...s.customerClient(number), ip: shared };
      return [loggedIn(s, at, who), s.act(at + 30_000, 'data_access/order-viewed', who, { 'woocommerce.order.id': 80_000 + number }, { reads: [s.customer(number)] })];
    };
    return {
      breach: [loggedIn(s, s.at('22:05'), thief), lists],
      decoys: [s.every(s.at('7:00', -1), '50m', 20, (at, i) => visit(at, 2_000 + i)), s.every(s.at('20:00'), '9m', 20, (at, i) => visit(at, 2_010 + i)), ordinaryWork(s, s.at('9:00'), s.staff('support'), 2_500)],
      asks: [{ seed: { kind: 'address', value: shared } }, { seed: { kind: 'session', value: thief.session ?? '' } }, { seed: { kind: 'alert', event: lists[1]! } }], // Lists were told.
    };
  },
};
